# Kaplan-Meier with log-log limits from R's survival package, for tests/stats/test_survival.py.
# Run: Rscript tests/reference/survival.R > tests/reference/survival.csv
library(survival)
one <- function(name, time, event) {
  fit <- survfit(Surv(time, event) ~ 1, conf.type = "log-log")
  q <- quantile(fit, 0.5)
  keep <- fit$n.event > 0
  rbind(
    data.frame(data = name, what = "curve", time = fit$time[keep], at_risk = fit$n.risk[keep], events = fit$n.event[keep],
               survival = fit$surv[keep], std_error = (fit$surv * fit$std.err)[keep], low = fit$lower[keep],
               high = fit$upper[keep]),
    data.frame(data = name, what = "median", time = q$quantile, at_risk = NA, events = NA, survival = NA, std_error = NA,
               low = q$lower, high = q$upper)
  )
}
out <- rbind(
  one("aml", aml$time, aml$status),
  one("lung", lung$time, lung$status - 1),
  one("flat", c(1, 2, 3, 4), c(1, 1, 1, 1)),
  one("censored", c(1, 1, 2, 3, 5, 5, 8), c(1, 0, 0, 1, 0, 0, 0)),
  one("zero", c(0, 0, 0, 1, 2, 2, 9, 30, 31, 60), c(1, 1, 1, 1, 1, 0, 1, 1, 0, 1))
)
options(digits = 15)
write.csv(out, stdout(), row.names = FALSE)
