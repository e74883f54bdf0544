# Rubin's rules. Run here: Rscript reference_rubin.R. Package: mice (pool.scalar, Barnard-Rubin degrees of freedom).
suppressMessages(library(mice)); options(digits = 15)
q <- c(3.1, 2.7, 3.4, 2.9, 3.6); u <- c(.81, .77, .85, .80, .90); p <- pool.scalar(q, u, n = 41, k = 1)
se <- sqrt(p$t); t <- qt(.975, p$df)
write.csv(data.frame(case = "rubin", estimate = p$qbar, se, df = p$df, p = 2 * pt(-abs(p$qbar / se), p$df), low = p$qbar - t * se, high = p$qbar + t * se, extra = NA), "reference_rubin.csv", row.names = FALSE, quote = FALSE)
print(c(p$qbar, se, p$df))
