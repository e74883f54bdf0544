# Shares, pairs, rank sizes, heterogeneity, adjusted p, months and GEE. Run here: Rscript reference_more.R
# Packages: base R, metafor, effectsize, nlme. The statistic of each case stands in `extra`.
suppressMessages({library(metafor); library(effectsize); library(nlme)}); options(digits = 15)
rows <- list(); z <- qnorm(.975)
put <- function(case, estimate, se = NA, df = NA, p = NA, low = NA, high = NA, extra = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, estimate, se, df, p, low, high, extra)
s <- read.csv("scores.csv")

for (e in list(c(81, 263), c(15, 148), c(0, 20), c(1, 29))) {  # Newcombe, Stat Med 1998;17:857, table I
  w <- prop.test(e[1], e[2], correct = FALSE)$conf.int; b <- binom.test(e[1], e[2])$conf.int
  put(paste("wilson", e[1], e[2], sep = "_"), e[1] / e[2], low = w[1], high = w[2])
  put(paste("clopper_pearson", e[1], e[2], sep = "_"), e[1] / e[2], low = b[1], high = b[2])
}
bp <- function(case, g, l, n, p) { u <- (g + 1) / (n + 2); d <- (l + 1) / (n + 2); se <- sqrt((u + d - (u - d)^2) / (n + 2))
  put(case, (g - l) / n, se, Inf, p, u - d - z * se, u - d + z * se) }
mid <- function(g, l) { k <- g + l; 2 * pbinom(min(g, l), k, .5) - dbinom(g, k, .5) }
bp("mcnemar_7_1", 7, 1, 21, binom.test(7, 8)$p.value); bp("mcnemar_mid_7_1", 7, 1, 21, mid(7, 1))
bp("mcnemar_12_5", 12, 5, 60, binom.test(12, 17)$p.value)

f <- fisher.test(matrix(c(3, 1, 1, 3), 2)); put("tea", f$estimate, p = f$p.value, low = f$conf.int[1], high = f$conf.int[2])
x <- c(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0); y <- c(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)  # Student 1908
t <- t.test(y, x, paired = TRUE); put("sleep_paired", t$estimate, t$stderr, t$parameter, t$p.value, t$conf.int[1], t$conf.int[2])
t <- t.test(y, x); put("sleep_welch", mean(y) - mean(x), t$stderr, t$parameter, t$p.value, t$conf.int[1], t$conf.int[2])
# Hollander and Wolfe 1973, p. 29: nine patients before and after
b <- c(1.83, .50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30); a <- c(.878, .647, .598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29)
w <- wilcox.test(a, b, paired = TRUE, conf.int = TRUE); put("hollander_wolfe", w$estimate, p = w$p.value, extra = w$statistic)
r <- rank_biserial(a, b, paired = TRUE, verbose = FALSE); put("rank_biserial", r$r_rank_biserial)

yi <- c(5.2, 4.4, 2.2, 4.8, 5.5, 4.6, 5.8, 0.6); sei <- c(.73, .80, .69, .61, 1.44, .76, .77, .84)
for (how in c("REML", "DL")) { m <- rma(yi, sei = sei, method = how); ci <- confint(m)$random
  put(paste0("i2_", how), ci["I^2(%)", "estimate"] / 100, low = ci["I^2(%)", "ci.lb"] / 100, high = ci["I^2(%)", "ci.ub"] / 100) }
m <- rma(yi[1:3], sei = sei[1:3] * 2, method = "REML"); ci <- confint(m)$random
put("i2_alike", ci["I^2(%)", "estimate"] / 100, low = ci["I^2(%)", "ci.lb"] / 100, high = ci["I^2(%)", "ci.ub"] / 100)

p <- c(.01, .04, .03, NA, .005, .2); for (how in c("holm", "BH")) { q <- p.adjust(p, how); for (i in c(1, 2, 3, 5, 6)) put(paste(how, i, sep = "_"), q[i]) }

# Quasi-Poisson of months with the dispersion (at least 1) times (1 + r) / (1 - r); r by REML on the Pearson residuals
m <- read.csv("months.csv"); m$c <- round(m$nights)
g <- glm(c ~ after, quasipoisson, m, epsilon = 1e-14); mu <- fitted(g); m$z <- (m$c - mu) / sqrt(mu); m$w <- sqrt(mu); m$v <- sqrt(mu) * m$after
ar <- gls(z ~ 0 + w + v, m, correlation = corAR1(form = ~ month), method = "REML", control = glsControl(tolerance = 1e-10, msTol = 1e-11))
r <- as.numeric(coef(ar$modelStruct$corStruct, unconstrained = FALSE)); k <- (1 + r) / (1 - r); n <- nrow(m); df <- n / k - 2
e <- coef(g)["after"]; se <- summary(g)$coefficients["after", 2] * sqrt(k * max(1, 1 / summary(g)$dispersion)); q <- qt(.975, df)
put("rate_months", exp(e), se, df, 2 * pt(-abs(e / se), df), exp(e - q * se), exp(e + q * se), r)

# GEE with an exchangeable working model and Mancl-DeRouen, written out at a given correlation (the moment estimate of
# statsmodels; geepack's differs in its denominators: 0.604 and a rate ratio of 1.2697)
d <- read.csv("counts.csv"); d <- d[order(d$department), ]; d$id <- as.integer(factor(d$department)); a <- 0.58029305088018
X <- cbind(1, d$after, d$wave); beta <- coef(glm(events ~ after + wave + offset(log(n)), poisson, d, epsilon = 1e-14))
Vi <- function(m) { R <- matrix(a, length(m), length(m)); diag(R) <- 1; solve(sqrt(m) * t(sqrt(m) * R)) }
for (round in 1:200) { mu <- d$n * exp(drop(X %*% beta)); B <- 0; u <- 0
  for (g in unique(d$id)) { i <- d$id == g; D <- mu[i] * X[i, ]; B <- B + t(D) %*% Vi(mu[i]) %*% D; u <- u + t(D) %*% Vi(mu[i]) %*% (d$events[i] - mu[i]) }
  beta <- beta + drop(solve(B, u)) }
B <- solve(B); M <- 0
for (g in unique(d$id)) { i <- d$id == g; D <- mu[i] * X[i, ]; H <- D %*% B %*% t(D) %*% Vi(mu[i])
  u <- t(D) %*% Vi(mu[i]) %*% solve(diag(sum(i)) - H, d$events[i] - mu[i]); M <- M + u %*% t(u) }
e <- beta[2]; se <- sqrt((B %*% M %*% B)[2, 2]); df <- length(unique(d$id)) - 3; q <- qt(.975, df)
put("gee_poisson_exchangeable_md", exp(e), se, df, 2 * pt(-abs(e / se), df), exp(e - q * se), exp(e + q * se), a)
out <- do.call(rbind, rows); rownames(out) <- NULL
write.csv(out, "reference_more.csv", row.names = FALSE, quote = FALSE); print(out)
