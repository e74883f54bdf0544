# Cumulative incidence with a competing event, log-rank and Cox with clustered standard errors, from R's survival
# package, for tests/stats/test_survival.py. Run in tests/reference:
#   Rscript survival_more.R   (reads survival_more_data.csv, writes survival_more.csv)
library(survival)
d <- read.csv("survival_more_data.csv")
fit <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, data = d, id = seq_len(nrow(d)), conf.type = "log-log")
s <- summary(fit, times = c(5, 20, 60, 150), extend = TRUE)
ci <- data.frame(case = paste0("incidence_", s$time), estimate = s$pstate[, 2], se = s$std.err[, 2], low = NA, high = NA)
lr <- survdiff(Surv(time, cause == 1) ~ after, data = d)
one <- function(name, fit) {
  v <- summary(fit)$conf.int; k <- summary(fit)$coefficients
  se <- if ("robust se" %in% colnames(k)) k[1, "robust se"] else k[1, "se(coef)"]
  data.frame(case = name, estimate = v[1, 1], se = se, low = v[1, 3], high = v[1, 4])
}
out <- rbind(
  ci,
  data.frame(case = "logrank", estimate = lr$chisq, se = NA, low = NA, high = NA),
  one("cox", coxph(Surv(time, cause == 1) ~ after, data = d, ties = "efron")),
  one("cox_clustered", coxph(Surv(time, cause == 1) ~ after, data = d, ties = "efron", cluster = person))
)
options(digits = 15)
write.csv(out, "survival_more.csv", row.names = FALSE)
