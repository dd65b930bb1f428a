/// What a new cluster is told before anybody connects to it.
enum ClusterScript {
    static let createDatabase = "CREATE DATABASE \(EmbeddedPostgres.databaseName);\n"
}
