import java.util.Objects;

/** The steps of one client: each runs, and says on one line of JSON how it went. */
record Steps(String client, String version) {
    /** What a step does; it is right when it throws nothing. */
    interface Step {
        void run() throws Exception;
    }

    /** Runs a step. One that throws is reported, and the next one runs. */
    void step(String operation, Step step) {
        var result = "right";
        try {
            step.run();
        } catch (Exception | AssertionError error) {
            result = error.toString();
        }
        System.out.printf(
                "{\"client\": %s, \"version\": %s, \"operation\": %s, \"result\": %s}%n",
                quoted(client), quoted(version), quoted(operation), quoted(result));
    }

    /** Ends the step when the values differ. */
    static void equal(Object actual, Object wanted) {
        if (!Objects.equals(actual, wanted)) throw new AssertionError(actual + " instead of " + wanted);
    }

    /** Expects an error of this class, and nothing else. */
    static void refused(Class<? extends Exception> kind, Step step) throws Exception {
        try {
            step.run();
        } catch (Exception error) {
            if (kind.isInstance(error)) return;
            throw error;
        }
        throw new AssertionError(kind.getSimpleName() + " was not thrown");
    }

    private static String quoted(String text) {
        var plain = text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
        return '"' + plain + '"';
    }
}
