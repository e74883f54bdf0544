# Reference numbers for reliability, items, groups, DIF and kappa. Run here: Rscript psychometrics.R
# Writes answers.csv (made-up answers, one row per person) and numbers.csv (statistic, item, value).
# R 4.2.2, psych 2.2.9, MASS, lme4 1.1-31.
suppressMessages({library(psych); library(MASS); library(lme4)})
set.seed(20260115)
n <- 240; k <- 6
department <- rep(1:12, each = 20)
trait <- rnorm(n) + rnorm(12, sd = 0.5)[department]
wave <- rep(c(0, 1), length.out = n)
cut5 <- function(x) findInterval(x, c(-1.5, -0.5, 0.5, 1.5))
loading <- c(0.9, 0.8, 0.7, 0.6, 0.8, 0.5)
items <- sapply(1:k, function(i) {
  shift <- if (i == 4) 1.1 * wave else 0          # item 4 is easier to agree with in the second wave
  cut5(loading[i] * trait + shift + rnorm(n))
})
colnames(items) <- paste0("i", 1:k)
gaps <- items; gaps[sample(length(gaps), 60)] <- NA
rater1 <- items[, 1]; rater2 <- pmin(pmax(rater1 + sample(c(-1, 0, 0, 0, 1), n, TRUE), 0), 4)
answers <- data.frame(department, wave, items, setNames(as.data.frame(gaps), paste0("g", 1:k)), rater1, rater2)
write.csv(answers, "answers.csv", row.names = FALSE, na = "")

out <- data.frame(statistic = character(), item = character(), value = numeric())
put <- function(statistic, value, item = "") out[nrow(out) + 1, ] <<- list(statistic, item, as.numeric(value))

for (set in c("i", "g")) {
  x <- as.data.frame(if (set == "i") items else gaps)
  name <- function(s) paste0(s, if (set == "i") "" else "_pairwise")
  a <- suppressWarnings(alpha(x))
  put(name("alpha"), a$total$raw_alpha)
  put(name("mean_inter_item"), a$total$average_r)
  for (i in 1:k) {
    put(name("item_rest"), a$item.stats$r.drop[i], paste0("i", i))
    put(name("alpha_if_dropped"), a$alpha.drop$raw_alpha[i], paste0("i", i))
    put(name("mean"), a$item.stats$mean[i], paste0("i", i))
    put(name("sd"), a$item.stats$sd[i], paste0("i", i))
  }
}
ci <- alpha.ci(alpha(as.data.frame(items))$total$raw_alpha, n, k)
put("alpha_low", ci$lower.ci); put("alpha_high", ci$upper.ci)
for (f in c(1, 2)) {
  o <- suppressMessages(suppressWarnings(omega(as.data.frame(items), nfactors = f, plot = FALSE)))
  put(paste0("omega_total_", f), o$omega.tot)
}
put("omega_total_1_pairwise", suppressMessages(suppressWarnings(omega(as.data.frame(gaps), nfactors = 1, plot = FALSE)))$omega.tot)

score <- rowMeans(items)
b <- statsBy(data.frame(department, score, score2 = score), "department")
put("icc1", b$ICC1[["score"]]); put("icc2", b$ICC2[["score"]])
v <- as.data.frame(VarCorr(lmer(score ~ 1 + (1 | department))))$vcov
put("icc_reml", v[1] / sum(v))
# unequal groups: mean squares from aov, n0 by hand
keep <- !(department == 1 & seq_len(n) > 5) & !(department == 2 & seq_len(n) > 32)
m <- summary(aov(score[keep] ~ factor(department[keep])))[[1]]
size <- table(department[keep]); n0 <- (sum(size) - sum(size^2) / sum(size)) / (length(size) - 1)
F <- m[1, 4]; icc <- function(f) (f - 1) / (f + n0 - 1)
put("icc1_unequal", icc(F)); put("icc_n0", n0)
put("icc1_unequal_low", icc(F / qf(.975, m[1, 1], m[2, 1]))); put("icc1_unequal_high", icc(F / qf(.025, m[1, 1], m[2, 1])))

for (i in 1:k) {
  rest <- rowMeans(items[, -i]); y <- factor(items[, i], ordered = TRUE)
  l <- sapply(list(y ~ rest, y ~ rest + wave, y ~ rest * wave), function(f) as.numeric(logLik(polr(f))))
  l0 <- as.numeric(logLik(polr(y ~ 1)))
  r2 <- function(l) (1 - exp(2 * (l0 - l) / n)) / (1 - exp(2 * l0 / n))
  put("dif_log_likelihood", l[1], paste0("i", i))
  put("dif_chi2_uniform", 2 * (l[2] - l[1]), paste0("i", i))
  put("dif_chi2_nonuniform", 2 * (l[3] - l[2]), paste0("i", i))
  put("dif_p_total", pchisq(2 * (l[3] - l[1]), 2, lower.tail = FALSE), paste0("i", i))
  put("dif_r2_change", r2(l[3]) - r2(l[1]), paste0("i", i))
}
kap <- cohen.kappa(cbind(rater1, rater2))
put("kappa", kap$kappa); put("kappa_weighted", kap$weighted.kappa)
put("kappa_low", kap$confid[1, 1]); put("kappa_high", kap$confid[1, 3])
put("kappa_weighted_low", kap$confid[2, 1]); put("kappa_weighted_high", kap$confid[2, 3])
write.csv(out, "numbers.csv", row.names = FALSE)
