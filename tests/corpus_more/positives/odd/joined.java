private static final String ACCESS_KEY_SECRET = "«sec:s|slice=0:8»"
        + "«sec:s|slice=8:20»"
        + "«sec:s|slice=20:»";
private static final String ACCESS_KEY_ID = "«id»";
