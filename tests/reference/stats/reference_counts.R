# Ordinal, 2x2, rates, GEE and ANCOVA. Run here: Rscript reference_counts.R
# Packages: MASS, ordinal, geepack, sandwich, clubSandwich, base R. Mancl-DeRouen is written out for the independence working model.
suppressMessages({library(MASS); library(ordinal); library(geepack); library(sandwich); library(clubSandwich)}); options(digits = 15)
rows <- list()
put <- function(case, estimate, se = NA, df = NA, p = NA, low = NA, high = NA, extra = NA)
  rows[[length(rows) + 1]] <<- data.frame(case, estimate, se, df, p, low, high, extra)
z <- qnorm(.975); st <- read.csv("stays.csv"); s <- read.csv("scores.csv")

s$cat <- cut(s$y, c(-Inf, 28, 33, 38, 43, Inf), labels = FALSE)
f <- clm(factor(cat) ~ after, data = s); e <- coef(f)["after"]; se <- sqrt(vcov(f)["after", "after"])
p1 <- polr(factor(cat) ~ after, data = s, Hess = TRUE); stopifnot(abs(coef(p1) - e) < 1e-4)
put("proportional_odds", e, se, Inf, 2 * pnorm(-abs(e / se)), e - z * se, e + z * se)
nt <- nominal_test(f); put("proportional_odds_lack", nt["after", "LRT"], df = nt["after", "Df"], p = nt["after", "Pr(>Chi)"])

r <- (30 / 90) / (45 / 100); se <- sqrt(1 / 30 - 1 / 90 + 1 / 45 - 1 / 100)
put("risk_ratio", r, se, Inf, 2 * pnorm(-abs(log(r) / se)), r * exp(-z * se), r * exp(z * se))
# Persons repeat: a log-Poisson model of the 0/1 rows with robust errors (Zou and Donner 2013)
f <- glm(event ~ after, poisson, st, epsilon = 1e-14); e <- coef(f)["after"]; df <- length(unique(st$person)) - 1; q <- qt(.975, df)
se <- sqrt(vcovCL(f, st$person, type = "HC1")["after", "after"])
put("risk_ratio_clustered", exp(e), se, df, 2 * pt(-abs(e / se), df), exp(e - q * se), exp(e + q * se))
fi <- fisher.test(matrix(c(30, 60, 45, 55), 2)); put("odds_ratio", fi$estimate, p = fi$p.value, low = fi$conf.int[1], high = fi$conf.int[2])
put("mcnemar", NA, p = binom.test(12, 17)$p.value)

pt <- poisson.test(c(18, 30), c(120, 110)); put("rate_ratio_exact", pt$estimate, p = pt$p.value, low = pt$conf.int[1], high = pt$conf.int[2])
p0 <- poisson.test(c(0, 7), c(120, 110)); put("rate_ratio_exact_zero", p0$estimate, p = p0$p.value, low = p0$conf.int[1], high = p0$conf.int[2])
pi <- poisson.test(18, 120); put("rate_interval", 18 / 120, low = pi$conf.int[1], high = pi$conf.int[2])

d <- aggregate(y ~ department + wave + after, s, length); names(d)[4] <- "n"
d$events <- aggregate(y ~ department + wave + after, s, function(v) sum(round(pmax(0, (v - 25) / 3))))$y
gl <- function(case, f, df) { r <- summary(f)$coefficients["after", ]; e <- r[1]; q <- qt(.975, df)
  put(case, exp(e), r[2], df, r[4], exp(e - q * r[2]), exp(e + q * r[2]), summary(f)$dispersion) }
gl("rate_poisson", glm(events ~ after + wave + offset(log(n)), poisson, d, epsilon = 1e-14), Inf)
gl("rate_quasi", glm(events ~ after + wave + offset(log(n)), quasipoisson, d, epsilon = 1e-14), nrow(d) - 3)
# A level per department, and CR2 of the weighted linear model that the fit ends in
f <- glm(events ~ 0 + factor(department) + after + wave + offset(log(n)), poisson, d, epsilon = 1e-14); mu <- fitted(f)
L <- as.data.frame(model.matrix(f) * sqrt(mu)); names(L) <- make.names(names(L)); L$z <- (d$events - mu) / sqrt(mu) + as.matrix(L) %*% coef(f)
ct <- as.data.frame(coef_test(lm(z ~ 0 + ., L), vcov = "CR2", cluster = d$department, coefs = "after", test = "Satterthwaite")); e <- coef(f)["after"]
q <- qt(.975, ct$df_Satt); put("rate_fixed_effects", exp(e), ct$SE, ct$df_Satt, ct$p_Satt, exp(e - q * ct$SE), exp(e + q * ct$SE))
nb <- glm.nb(events ~ after + wave + offset(log(n)), d, control = glm.control(epsilon = 1e-14, maxit = 200)); r <- summary(nb)$coefficients["after", ]
put("rate_nb", exp(r[1]), r[2], Inf, r[4], exp(r[1] - z * r[2]), exp(r[1] + z * r[2]), nb$theta)
write.csv(d, "counts.csv", row.names = FALSE, quote = FALSE)

gee <- function(case, f, g, k) { e <- coef(f)["after"]; se <- summary(f)$coefficients["after", "Std.err"]; df <- g - k; q <- qt(.975, df)
  put(case, exp(e), se, df, 2 * pt(-abs(e / se), df), exp(e - q * se), exp(e + q * se)) }
st <- st[order(st$person), ]; st$id <- as.integer(factor(st$person))
gee("gee_binomial_exchangeable", geeglm(event ~ after, binomial, st, id = id, corstr = "exchangeable", scale.fix = TRUE,
  control = geese.control(epsilon = 1e-12, maxit = 200)), length(unique(st$id)), 2)
d <- d[order(d$department), ]; d$id <- as.integer(factor(d$department))
gee("gee_poisson_independence", geeglm(events ~ after + wave + offset(log(n)), poisson, d, id = id, corstr = "independence", scale.fix = TRUE,
  control = geese.control(epsilon = 1e-12, maxit = 200)), length(unique(d$id)), 3)
md <- function(case, f, id, k) { X <- model.matrix(f); mu <- fitted(f); y <- f$y; W <- if (f$family$family == "poisson") mu else mu * (1 - mu)
  B <- solve(crossprod(X, W * X)); M <- 0
  for (g in unique(id)) { i <- id == g; Xi <- X[i, , drop = FALSE]; H <- (W[i] * Xi) %*% B %*% t(Xi); r <- solve(diag(sum(i)) - H, y[i] - mu[i]); u <- crossprod(Xi, r); M <- M + u %*% t(u) }
  e <- coef(f)["after"]; se <- sqrt((B %*% M %*% B)["after", "after"]); df <- length(unique(id)) - k; q <- qt(.975, df)
  put(case, exp(e), se, df, 2 * pt(-abs(e / se), df), exp(e - q * se), exp(e + q * se)) }
md("gee_poisson_mancl_derouen", glm(events ~ after + wave + offset(log(n)), poisson, d, epsilon = 1e-14), d$id, 3)
md("gee_binomial_mancl_derouen", glm(event ~ after, binomial, st, epsilon = 1e-14), st$id, 2)

b <- aggregate(y ~ person + department, s[s$wave <= 1, ], mean); a <- aggregate(y ~ person + department, s[s$wave >= 4, ], mean)
w <- merge(b, a, by = c("person", "department")); w$started <- !w$department %in% c("d6", "d7")
m <- lm(y.y ~ started + y.x, w); r <- summary(m)$coefficients["startedTRUE", ]; ci <- confint(m)["startedTRUE", ]
put("ancova", r[1], r[2], m$df.residual, r[4], ci[1], ci[2])
out <- do.call(rbind, rows); rownames(out) <- NULL
write.csv(out, "reference_counts.csv", row.names = FALSE, quote = FALSE); print(out)
