# Reference numbers for reliable change, on made-up scores: Rscript reliable_change.R
# Writes scores.csv (60 made-up persons, four occasions, some gaps; lower is better), index.csv (the index of each
# person from occasion 1 to 4 by six formulas), classes.csv and hlm.csv. Base R 4.2.2, and lme4 1.1-31 for hlm.csv.
#
# Definitions, with X1 and X2 the two scores, M and S mean and SD of the complete pairs, r the reliability:
#   JT  Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19           (X2 - X1) / (S1 sqrt(2) sqrt(1 - r))
#   GLN Gulliksen-Lord-Novick, Hsu 1989, Behav Assess 11:459-467         ((X2 - M1) - r (X1 - M1)) / (S1 sqrt(1 - r^2))
#   HLL Hsu-Linn-Lord, Hsu 1999, J Consult Clin Psychol 67:594-598       ((X2 - M2) - r (X1 - M1)) / (S1 sqrt(1 - r^2))
#   EN  Edwards-Nunnally, Speer 1992, J Consult Clin Psychol 60:402-408  (X2 - T1) / (S1 sqrt(1 - r)), T1 = r (X1 - M1) + M1
#   NK  Nunnally & Kotsch 1983, Br J Clin Psychol 22:83-93               (X2 - T1) / (S1 sqrt(r^2 (1 - r) + 1 - r2))
#   HA  Hageman & Arrindell 1999, Behav Res Ther 37:1169-1193            ((X2 - X1) rD + (M2 - M1)(1 - rD)) / (sqrt(rD) E sqrt(2)),
#       E = S1 sqrt(1 - r), rD = true over observed variance of the differences; one-sided
suppressMessages(library(lme4))
set.seed(2026)
persons <- 60
start <- rnorm(persons, 22, 6)
slope <- rnorm(persons, -2.5, 2)
scores <- expand.grid(occasion = 1:4, person = 1:persons)[, c("person", "occasion")]
scores$score <- round(start[scores$person] + slope[scores$person] * (scores$occasion - 1) + rnorm(nrow(scores), 0, 2.5))
scores$score <- pmax(scores$score, 0)
scores$score[sample(nrow(scores), 18)] <- NA
write.csv(scores, "scores.csv", row.names = FALSE, na = "")

wide <- reshape(scores, idvar = "person", timevar = "occasion", direction = "wide")
pairs <- wide[complete.cases(wide$score.1, wide$score.4), ]
x1 <- pairs$score.1
x2 <- pairs$score.4
r <- 0.80
r2 <- 0.50
s1 <- sd(x1)
true1 <- r * (x1 - mean(x1)) + mean(x1)
sem <- s1 * sqrt(1 - r)
observed <- var(x2 - x1)
rd <- (observed - 2 * sem^2) / observed
index <- data.frame(
  person = pairs$person,
  JT = (x2 - x1) / sqrt(2 * sem^2),
  GLN = ((x2 - mean(x1)) - r * (x1 - mean(x1))) / (s1 * sqrt(1 - r^2)),
  HLL = ((x2 - mean(x2)) - r * (x1 - mean(x1))) / (s1 * sqrt(1 - r^2)),
  EN = (x2 - true1) / sem,
  NK = (x2 - true1) / sqrt(s1^2 * r^2 * (1 - r) + s1^2 * (1 - r2)),
  HA = ((x2 - x1) * rd + mean(x2 - x1) * (1 - rd)) / (sqrt(rd) * sqrt(2) * sem))
write.csv(index, "index.csv", row.names = FALSE)

# Classes: lower is better; cut-off c between these persons before and a functional group with mean 8 and SD 8.
# "plain" counts improved, unchanged, deteriorated; the rest also asks whether the cut-off was crossed.
limit <- (s1 * 8 + 8 * mean(x1)) / (s1 + 8)
classes <- do.call(rbind, lapply(names(index)[-1], function(name) {
  critical <- qnorm(if (name == "HA") 0.95 else 0.975)
  better <- -index[[name]] > critical
  worse <- -index[[name]] < -critical
  recovered <- better & x1 > limit & x2 < limit
  harmed <- worse & x1 <= limit & x2 >= limit
  data.frame(method = name, recovered = sum(recovered), improved = sum(better & !recovered),
             unchanged = sum(!better & !worse), deteriorated = sum(worse & !harmed), harmed = sum(harmed),
             plain_improved = sum(better), plain_deteriorated = sum(worse))
}))
write.csv(classes, "classes.csv", row.names = FALSE)

# HLM: each person's slope against the mean slope, persons with at least three scores.
long <- na.omit(data.frame(person = factor(scores$person), occasion = scores$occasion, score = scores$score))
long <- droplevels(long[ave(long$score, long$person, FUN = length) >= 3, ])
fit <- lmer(score ~ occasion + (occasion | person), long, REML = TRUE)
slopes <- as.data.frame(ranef(fit, condVar = TRUE))
slopes <- slopes[as.character(slopes$term) == "occasion", c("grp", "condval", "condsd")]
names(slopes) <- c("person", "slope_deviation", "std_error")
write.csv(slopes, "hlm.csv", row.names = FALSE)
