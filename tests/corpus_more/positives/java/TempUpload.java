BasicSessionCredentials c = new BasicSessionCredentials(
    "«stsid»",
    "«stssec»",
    "«ststok»");
