# Difference of means, its variance under AR(1) noise fitted by REML, months left out. Run here: Rscript reference_ar1.R. Package: nlme. df is our own (see stats/ar1.py).
suppressMessages(library(nlme)); options(digits = 15); m <- read.csv("months.csv")
f <- gls(nights ~ after, m, correlation = corAR1(form = ~ month), method = "REML", control = glsControl(tolerance = 1e-9, msTol = 1e-10))
r <- as.numeric(coef(f$modelStruct$corStruct, unconstrained = FALSE)); X <- model.matrix(~ after, m)
V <- f$sigma^2 * r^abs(outer(m$month, m$month, "-")); B <- solve(crossprod(X)) %*% t(X)
e <- diff(tapply(m$nights, m$after, mean)); se <- sqrt((B %*% V %*% t(B))[2, 2])
write.csv(data.frame(case = "ar1", estimate = e, se = se, df = NA, p = NA, low = NA, high = NA, extra = r), "reference_ar1.csv", row.names = FALSE, quote = FALSE)
print(c(e, se, r))
