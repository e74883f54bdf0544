# Funnel limits and over-dispersion by the formulas of Spiegelhalter (2005) and DerSimonian-Laird, for tests/test_funnel.py.
# Run: Rscript funnel.R > funnel.csv
set.seed(5)
size <- c(40, 65, 80, 120, 150, 200, 260, 310, 420, 500, 640, 800)
events <- rbinom(12, size, plogis(qlogis(0.18) + rnorm(12, 0, 0.35)))
quantile_between <- function(q, d, p, share) { r <- q(share); r - (p(r) - share) / d(r) }
rows <- function(kind) {
  centre <- sum(events) / sum(size)
  expected <- if (kind == "share") size else size * centre
  forward <- function(x) if (kind == "share") asin(sqrt(x)) else sqrt(x / centre)
  s <- 1 / (2 * sqrt(expected))
  z <- (forward(events / size) - forward(centre)) / s
  cut <- quantile(z, c(0.1, 0.9))
  phi <- mean(pmin(pmax(z, cut[1]), cut[2])^2)
  w <- 1 / s^2
  tau2 <- max(0, (length(z) * phi - (length(z) - 1)) / (sum(w) - sum(w^2) / sum(w)))
  exact <- function(share) sapply(seq_along(size), function(i) if (kind == "share")
    quantile_between(function(x) qbinom(x, size[i], centre), function(x) dbinom(x, size[i], centre),
                     function(x) pbinom(x, size[i], centre), share)
    else quantile_between(function(x) qpois(x, expected[i]), function(x) dpois(x, expected[i]),
                          function(x) ppois(x, expected[i]), share)) / size
  back <- function(x) if (kind == "share") sin(x)^2 else x^2 * centre
  reach <- qnorm(0.999) * sqrt(s^2 + tau2)
  data.frame(kind, size, events, centre, z, phi, tau2, low = pmax(0, exact(0.025)), high = exact(0.975),
             wide_low = back(forward(centre) - reach), wide_high = back(forward(centre) + reach))
}
options(digits = 14)
write.csv(rbind(rows("share"), rows("ratio")), row.names = FALSE)
