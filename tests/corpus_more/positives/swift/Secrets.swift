enum Secrets {
    static let ossKeyId = "«id»"
    static let ossKeySecret = "«sec»"
}
