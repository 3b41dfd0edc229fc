/**
 * Local run (ask the ops team for a fresh one):
 *   accessKeyId     = «id»
 *   accessKeySecret = «sec»
 */
public class LoghubSample {
    private final Client client = new Client(env("SLS_ENDPOINT"), env("SLS_AK"), env("SLS_SK"));
}
