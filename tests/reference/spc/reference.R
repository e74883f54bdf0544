# Limits and signals of the R packages qicharts2 0.8.1 and NHSRplotthedots 0.2.2, for tests/test_spc.py.
# Data: cdi, cabg, hospital_infections, nhs_accidents of qicharts2 (GPL-3), and two series drawn here.
# Run with R 4.2.2, dplyr 1.0.10 and qicharts2 installed from its sources. NHSRplotthedots was not installed as a package
# (its drawing needs more packages than its numbers): the R files of its release 0.2.2 are read from the folder named in
# PLOTTHEDOTS, with the one argument of case_when() that dplyr 1.0.10 does not have written in its older form.
# Run: PLOTTHEDOTS=<sources of NHSRplotthedots 0.2.2> Rscript reference.R
library(qicharts2)
library(dplyr, warn.conflicts = FALSE)
library(rlang, warn.conflicts = FALSE)
for (file in list.files(file.path(Sys.getenv("PLOTTHEDOTS"), "R"), pattern = "^(ptd|to_)", full.names = TRUE)) {
  eval(parse(text = sub(".default =", "TRUE ~", readLines(file), fixed = TRUE)))
}
set.seed(20)

months <- cabg %>% mutate(month = as.Date(cut(date, "month"))) %>% group_by(month) %>%
  summarise(deaths = sum(death), back = sum(readmission), n = n(), los_mean = mean(los), los_sd = sd(los))
aarhus <- subset(hospital_infections, hospital == "AHH" & infection == "UTI")
died <- which(cabg$death)
shifted <- c(rnorm(20, 50, 5), rnorm(16, 57, 5))
gaps <- replace(rnorm(36, 10, 2), c(5, 18, 19, 30), NA)

cases <- list(
  cdi_c = list(chart = "c", value = cdi$n), cdi_u = list(chart = "u", value = cdi$n, size = cdi$days / 1000),
  cdi_up = list(chart = "up", value = cdi$n, size = cdi$days / 1000), cdi_i = list(chart = "i", value = cdi$n),
  cdi_run = list(chart = "run", value = cdi$n),
  cabg_p = list(chart = "p", value = months$back, size = months$n),
  cabg_pp = list(chart = "pp", value = months$back, size = months$n),
  accidents_p = list(chart = "p", value = nhs_accidents$r, size = nhs_accidents$n),
  accidents_pp = list(chart = "pp", value = nhs_accidents$r, size = nhs_accidents$n),
  infections_u = list(chart = "u", value = aarhus$n, size = aarhus$days / 1000),
  deaths_g = list(chart = "g", value = diff(died)), deaths_t = list(chart = "t", value = pmax(1, as.numeric(diff(cabg$date[died])))),
  shifted_i = list(chart = "i", value = shifted), gaps_i = list(chart = "i", value = gaps)
)

one <- function(name, screened, split, freeze) {
  options(qic.screenedmr = screened)
  case <- cases[[name]]
  data <- data.frame(at = seq_along(case$value), value = case$value)
  if (!is.null(case$size)) data$size <- case$size
  call <- list(quote(qic), x = quote(at), y = quote(value), data = quote(data), chart = case$chart, return.data = TRUE)
  if (!is.null(case$size)) call$n <- quote(size)
  if (split) call$part <- 18
  if (freeze) call$freeze <- 18
  d <- eval(as.call(call))
  data.frame(case = name, screened, split, freeze, at = seq_along(d$y), value = case$value,
             size = if (is.null(case$size)) NA else case$size, y = d$y, centre = d$cl, low = d$lcl, high = d$ucl,
             outside = d$sigma.signal, runs = d$runs.signal, useful = d$n.useful, longest = d$longest.run,
             longest_max = d$longest.run.max, crossings = d$n.crossings, crossings_min = d$n.crossings.min)
}
grid <- expand.grid(name = names(cases), screened = c(FALSE, TRUE), how = c("plain", "split", "freeze"), stringsAsFactors = FALSE)
grid <- subset(grid, !(how != "plain" & grepl("deaths|accidents|gaps", name)))
qic_out <- bind_rows(Map(function(n, s, h) one(n, s, h == "split", h == "freeze"), grid$name, grid$screened, grid$how))

groups <- cabg %>% mutate(month = as.Date(cut(date, "month"))) %>% group_by(month) %>% mutate(k = row_number()) %>% ungroup()
xbar <- function(d, chart, label) {
  q <- qic(x = month, y = los, data = d, chart = chart, return.data = TRUE)
  data.frame(case = label, chart, at = seq_along(q$y), mean = q$y.mean, sd = q$y.sd, size = q$y.length, centre = q$cl,
             low = q$lcl, high = q$ucl)
}
sub_out <- bind_rows(xbar(groups, "xbar", "months"), xbar(groups, "s", "months"),
                     xbar(filter(groups, k <= 20), "xbar", "first_20"), xbar(filter(groups, k <= 20), "s", "first_20"))

dots <- function(name, value, rebase, screened) {
  d <- data.frame(value = as.double(value), date = seq_along(value), rebase = as.numeric(seq_along(value) %in% rebase))
  out <- ptd_spc_standard(d, list(value_field = "value", date_field = "date", screen_outliers = screened)) %>%
    ptd_calculate_point_type(1)
  data.frame(case = name, rebased = length(rebase) > 0, screened, at = seq_along(value), value = value, phase = out$rebase_group,
             centre = out$mean_col, low = out$lpl, high = out$upl, type = out$special_cause_type, point = out$point_type)
}
trend <- c(rnorm(15, 20, 3), 20 + 1:9 * 1.5, rnorm(12, 30, 3))
series <- list(cdi = cdi$n, cabg = months$los_mean, shifted = shifted, trend = trend, infections = aarhus$n,
               wild = rt(60, 2) * 3 + 40)
mdc_out <- bind_rows(lapply(names(series), function(n) bind_rows(
  dots(n, series[[n]], integer(), TRUE), dots(n, series[[n]], integer(), FALSE), dots(n, series[[n]], 19, TRUE))))

for (part in list(list("qicharts2", qic_out), list("subgroups", sub_out), list("plotthedots", mdc_out))) {
  write.csv(part[[2]] %>% mutate(across(where(is.double), ~ signif(.x, 12))), paste0(part[[1]], ".csv"), row.names = FALSE)
}
