# Reference numbers for evaltool/stats, from R and its packages. Run in this folder: Rscript reference.R
# Packages (Debian 12): lme4, lmerTest, sandwich, clubSandwich. Output: reference.csv (one row per number set).
suppressMessages({library(lme4); library(lmerTest); library(sandwich); library(clubSandwich)})
options(digits = 15)
rows <- list()
put <- function(case, estimate, se, df, p, low, high, extra = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, estimate, se, df, p, low, high, extra)

s <- read.csv("scores.csv"); st <- read.csv("stays.csv"); m <- read.csv("months.csv")

d0 <- s[s$department == "d0", ]
w <- t.test(d0$y[d0$after == 1], d0$y[d0$after == 0])
put("welch", unname(w$estimate[1] - w$estimate[2]), w$stderr, w$parameter, w$p.value, w$conf.int[1], w$conf.int[2])

b <- aggregate(y ~ person, s[s$after == 0, ], mean); a <- aggregate(y ~ person, s[s$after == 1, ], mean)
both <- merge(b, a, by = "person"); p <- t.test(both$y.y, both$y.x, paired = TRUE)
put("paired", unname(p$estimate), p$stderr, p$parameter, p$p.value, p$conf.int[1], p$conf.int[2])

cl <- function(case, formula, data, cluster) {
  fit <- lm(formula, data); v <- vcovCL(fit, cluster = cluster, type = "HC1", cadjust = TRUE)
  g <- length(unique(cluster)); e <- coef(fit)["after"]; se <- sqrt(v["after", "after"]); q <- qt(.975, g - 1)
  put(case, e, se, g - 1, 2 * pt(-abs(e / se), g - 1), e - q * se, e + q * se)
}
cl("cluster_share", event ~ after, st, st$person)
cl("cluster_nights", nights ~ after, st, st$person)

nw <- function(e1, n1, e2, n2) {  # Newcombe 1998 method 10, written out from prop.test's Wilson intervals
  w1 <- prop.test(e1, n1, correct = FALSE)$conf.int; w2 <- prop.test(e2, n2, correct = FALSE)$conf.int
  p1 <- e1 / n1; p2 <- e2 / n2; z <- suppressWarnings(prop.test(c(e2, e1), c(n2, n1), correct = FALSE))
  put(paste("newcombe", e1, n1, e2, n2, sep = "_"), p2 - p1, sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2), Inf,
      z$p.value, p2 - p1 - sqrt((p2 - w2[1])^2 + (w1[2] - p1)^2), p2 - p1 + sqrt((w2[2] - p2)^2 + (p1 - w1[1])^2))
}
nw(48, 80, 56, 70); nw(3, 10, 9, 10); nw(10, 20, 14, 30)

lm4 <- function(case, formula, data) {
  fit <- suppressMessages(lmer(formula, data, REML = TRUE, control = lmerControl(optimizer = "bobyqa",
    optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = TRUE)))
  r <- summary(fit)$coefficients["after", ]; q <- qt(.975, r["df"])
  put(case, r["Estimate"], r["Std. Error"], r["df"], r["Pr(>|t|)"], r["Estimate"] - q * r["Std. Error"],
      r["Estimate"] + q * r["Std. Error"], as.numeric(logLik(fit)))
}
lm4("mixed_department", y ~ after + years + (1 | department), s)
lm4("mixed_department_person", y ~ after + years + (1 | department) + (1 | department:person), s)
lm4("mixed_slope_person", y ~ after + years + (1 | department) + (0 + after | department) + (1 | department:person), s)
lm4("mixed_person_only", y ~ after + (1 | person), s[s$department == "d0", ])

fe <- lm(y ~ after + years + factor(department), s)
cr <- coef_test(fe, vcov = "CR2", cluster = s$department, test = "Satterthwaite", coefs = "after")
q <- qt(.975, cr$df_Satt)
put("cr2_fixed_effects", cr$beta, cr$SE, cr$df_Satt, cr$p_Satt, cr$beta - q * cr$SE, cr$beta + q * cr$SE)

# Newey-West with gaps: months left out are rows of zero scores, so sandwich's own lag weights apply
full <- data.frame(month = 0:39); full <- merge(full, m, all.x = TRUE); n <- nrow(m)
fit <- lm(nights ~ after, m); X <- model.matrix(fit); score <- matrix(0, 40, 2); score[m$month + 1, ] <- X * resid(fit)
L <- floor(4 * (n / 100)^(2 / 9)); S <- crossprod(score)
for (l in 1:L) { G <- crossprod(score[(l + 1):40, ], score[1:(40 - l), ]); S <- S + (1 - l / (L + 1)) * (G + t(G)) }
B <- solve(crossprod(X)); v <- (n / (n - 2) * B %*% S %*% B)[2, 2]; e <- coef(fit)[2]; q <- qt(.975, n - 2)
put("hac", e, sqrt(v), n - 2, 2 * pt(-abs(e / sqrt(v)), n - 2), e - q * sqrt(v), e + q * sqrt(v), L)
u <- m[m$month < 20 | m$month > 22, ]; u$t <- seq_len(nrow(u)); f2 <- lm(nights ~ after, u)
v2 <- NeweyWest(f2, lag = 3, prewhite = FALSE, adjust = TRUE)[2, 2]; q <- qt(.975, nrow(u) - 2)
put("hac_no_gap_lag3", coef(f2)[2], sqrt(v2), nrow(u) - 2, NA, coef(f2)[2] - q * sqrt(v2), coef(f2)[2] + q * sqrt(v2))

out <- do.call(rbind, rows); rownames(out) <- NULL
write.csv(out, "reference.csv", row.names = FALSE, quote = FALSE)
print(out)
