# Effect sizes, rank tests, equivalence, pooling, mix and adjusted p. Run here: Rscript reference_sizes.R
# Packages: base R, metafor. Noncentral-t limits by uniroot; Cliff's delta written out from its definition.
suppressMessages(library(metafor)); options(digits = 15)
rows <- list()
put <- function(case, estimate, se = NA, df = NA, p = NA, low = NA, high = NA, extra = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, estimate, se, df, p, low, high, extra)
s <- read.csv("scores.csv")
x <- s$y[s$department == "d1" & s$after == 0]; y <- s$y[s$department == "d1" & s$after == 1]
n1 <- length(x); n2 <- length(y); m <- n1 + n2 - 2
nct <- function(t, df) sapply(c(.975, .025), function(p) uniroot(function(d) pt(t, df, d) - p, c(t - 12, t + 12), tol = 1e-13)$root)
J <- exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2)
sp <- sqrt(((n1 - 1) * var(x) + (n2 - 1) * var(y)) / m); d <- (mean(y) - mean(x)) / sp; h <- sqrt(1 / n1 + 1 / n2)
ci <- nct(d / h, m) * h * J
put("hedges_g", J * d, NA, m, t.test(y, x, var.equal = TRUE)$p.value, ci[1], ci[2])

b <- aggregate(y ~ person, s[s$after == 0, ], mean); a <- aggregate(y ~ person, s[s$after == 1, ], mean)
both <- merge(b, a, by = "person"); v1 <- both$y.x; v2 <- both$y.y; k <- length(v1); ch <- v2 - v1
dz <- mean(ch) / sd(ch); ci <- nct(dz * sqrt(k), k - 1) / sqrt(k)
put("d_z", dz, NA, k - 1, t.test(ch)$p.value, ci[1], ci[2])
s2 <- (var(v1) + var(v2)) / 2; dav <- mean(ch) / sqrt(s2)
se <- sqrt(dav^2 * (var(v1)^2 + var(v2)^2 + 2 * cov(v1, v2)^2) / (8 * (k - 1) * s2^2) + (var(v1) + var(v2) - 2 * cov(v1, v2)) / ((k - 1) * s2))
put("d_av", dav, se, Inf, 2 * pnorm(-abs(dav / se)), dav - qnorm(.975) * se, dav + qnorm(.975) * se)

D <- sign(outer(y, x, "-")); dl <- mean(D); di <- rowMeans(D); dj <- colMeans(D)
v <- (n1^2 * sum((di - dl)^2) + n2^2 * sum((dj - dl)^2) - sum((D - dl)^2)) / (n1 * n2 * (n1 - 1) * (n2 - 1)); z <- qnorm(.975)
lim <- (dl - dl^3 + c(-1, 1) * z * sqrt(v) * sqrt((1 - dl^2)^2 + z^2 * v)) / (1 - dl^2 + z^2 * v)
put("cliffs_delta", dl, sqrt(v), Inf, 2 * pnorm(-abs(dl / sqrt(v))), lim[1], lim[2])

w <- suppressWarnings(wilcox.test(y, x)); put("mann_whitney_ties", median(outer(y, x, "-")), p = w$p.value, extra = w$statistic)
xe <- c(1.1, 2.3, 3.7, 8.2); ye <- c(2.9, 4.4, 5.6, 9.1, 10.5)
w <- wilcox.test(ye, xe, conf.int = TRUE); put("mann_whitney_exact", w$estimate, p = w$p.value, extra = w$statistic)
w <- suppressWarnings(wilcox.test(v2, v1, paired = TRUE)); put("signed_rank_ties", NA, p = w$p.value, extra = w$statistic)
w <- wilcox.test(c(2.1, 3.9, 4.8, 7.7, 6.1), c(1, 3.1, 5.2, 5.5, 5.4), paired = TRUE, conf.int = TRUE)
put("signed_rank_exact", w$estimate, p = w$p.value, extra = w$statistic)

lo <- t.test(y, x, mu = -4, alternative = "greater"); hi <- t.test(y, x, mu = 4, alternative = "less"); c9 <- t.test(y, x, conf.level = .9)
put("welch_tost_4", lo$p.value, df = lo$parameter, p = max(lo$p.value, hi$p.value), low = c9$conf.int[1], high = c9$conf.int[2], extra = hi$p.value)

yi <- c(5.2, 4.4, 2.2, 4.8, 5.5, 4.6, 5.8, 0.6); sei <- c(.73, .80, .69, .61, 1.44, .76, .77, .84)
for (how in c("REML", "DL")) {
  f <- rma(yi, sei = sei, method = how, test = "adhoc"); pr <- predict(f)
  put(paste0("pool_", how), f$b, f$se, f$dfs, f$pval, f$ci.lb, f$ci.ub, f$tau2)
  put(paste0("pool_", how, "_more"), f$I2 / 100, p = f$QEp, low = pr$pi.lb, high = pr$pi.ub, extra = f$QE)
}
f <- rma(yi, sei = sei, method = "REML"); bl <- blup(f)
for (i in c(3, 5)) put(paste0("blup_", i), bl$pred[i], bl$se[i])

put("mix", { p <- c(20, 50, 30) / 100; q <- c(40, 40, 20) / 100
  S <- (diag(p[-1]) - p[-1] %o% p[-1] + diag(q[-1]) - q[-1] %o% q[-1]) / 2; T <- (q - p)[-1]; sqrt(drop(T %*% solve(S) %*% T)) },
  p = min(1, 3 * suppressWarnings(prop.test(c(40, 20), c(100, 100), correct = FALSE)$p.value)))
out <- do.call(rbind, rows); rownames(out) <- NULL
write.csv(out, "reference_sizes.csv", row.names = FALSE, quote = FALSE); print(out)
