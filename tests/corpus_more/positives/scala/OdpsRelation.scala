val options = Map(
  "odps.access.id" -> "«id16»",
  "odps.access.key" -> "«sec»",
  "odps.project" -> "dw_demo")
