# Published example data and reference numbers for reliable change.
# Rscript reliable_change.R claus_2020.rda
# The file is example data of the R package clinicalsignificance 2.1 (GPL-3; Claus et al. 2024, J Stat Softw,
# doi 10.18637/jss.v111.i01): HAM-D of 43 patients at four times (Claus et al. 2020). The counts per class that the
# tests expect are the ones that package prints for these data.
# Here: the data as CSV, and HLM slopes by lme4 1.1-31. R 4.2.2.
suppressMessages(library(lme4))
files <- commandArgs(TRUE)
load(files[1])
claus <- as.data.frame(claus_2020)[, c("id", "time", "hamd")]
write.csv(claus, "claus_2020.csv", row.names = FALSE, na = "")
long <- na.omit(data.frame(id = as.character(claus$id), time = claus$time, outcome = claus$hamd))
long <- long[ave(long$outcome, long$id, FUN = length) >= 3, ]
fit <- lmer(outcome ~ time + (time | id), long, REML = TRUE)
eb <- as.data.frame(ranef(fit, condVar = TRUE))
eb <- eb[as.character(eb$term) == "time", c("grp", "condval", "condsd")]
names(eb) <- c("person", "slope_deviation", "std_error")
write.csv(eb, "hlm.csv", row.names = FALSE)
