android {
    defaultConfig {
        buildConfigField("String", "OSS_KEY_ID", "\"«id»\"")
        buildConfigField("String", "OSS_KEY_SECRET", "\"«sec»\"")
    }
}
