import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.timestreamquery.TimestreamQueryClient;
import software.amazon.awssdk.services.timestreamwrite.TimestreamWriteClient;
import software.amazon.awssdk.services.timestreamwrite.model.*;
import software.amazon.awssdk.services.timestreamwrite.model.Record;

/** The AWS SDK for Java 2 against a Timestream server. */
final class Sdk2Timestream {
    private static final String name = "java2";
    private static final long now = System.currentTimeMillis();
    private static TimestreamWriteClient write;
    private static TimestreamQueryClient query;

    public static void main(String[] arguments) {
        var client = new Steps("AWS SDK for Java 2", VersionInfo.SDK_VERSION);
        var endpoint = URI.create(arguments[0]);
        write = TimestreamWriteClient.builder().endpointOverride(endpoint).build();
        query = TimestreamQueryClient.builder().endpointOverride(endpoint).build();

        client.step("databases", () -> {
            write.createDatabase(it -> it.databaseName(name));
            Steps.equal(databases(write), List.of(name));
        });
        client.step("tables", () -> {
            write.createTable(it -> it.databaseName(name).tableName(name));
            var described = write.describeTable(it -> it.databaseName(name).tableName(name));
            Steps.equal(described.table().tableStatus(), TableStatus.ACTIVE);
        });
        client.step("endpoint in code", () -> Steps.equal(all(query, "SELECT 1"), List.of("1")));
        client.step("endpoint in code, discovery on", () -> {
            var writer = TimestreamWriteClient.builder().endpointOverride(endpoint).endpointDiscoveryEnabled(true);
            var reader = TimestreamQueryClient.builder().endpointOverride(endpoint).endpointDiscoveryEnabled(true);
            Steps.equal(databases(writer.build()), List.of(name));
            Steps.equal(all(reader.build(), "SELECT 1"), List.of("1"));
        });
        client.step("endpoint from a system property", () -> {
            System.setProperty("aws.endpointUrl", arguments[0]);
            Steps.equal(databases(TimestreamWriteClient.create()), List.of(name));
            Steps.equal(all(TimestreamQueryClient.create(), "SELECT 1"), List.of("1"));
        });
        var values = List.of("1.5", "2.5", "3.5");
        client.step("WriteRecords", () -> Steps.equal(put(values).recordsIngested().total(), 3));
        client.step("WriteRecords, rejected", () -> {
            try {
                put(List.of("1.5", "9.5"));
                throw new AssertionError("nothing was rejected");
            } catch (RejectedRecordsException error) {
                Steps.equal(error.statusCode(), 419);
                Steps.equal(error.rejectedRecords().get(0).recordIndex(), 1);
            }
        });
        client.step("Query, pages", () -> {
            var statement = "SELECT measure_value::double FROM java2.java2 WHERE device = 'größer'";
            Steps.equal(all(query, statement + " ORDER BY time DESC"), values);
        });
        client.step("PrepareQuery", () -> {
            var statement = "SELECT time FROM java2.java2 WHERE device = @d";
            var prepared = query.prepareQuery(it -> it.queryString(statement).validateOnly(true));
            Steps.equal(prepared.parameters().get(0).name(), "d");
        });
        client.step("typed errors", () -> {
            Steps.refused(ConflictException.class, () -> write.createDatabase(it -> it.databaseName(name)));
            Steps.refused(
                    software.amazon.awssdk.services.timestreamquery.model.ValidationException.class,
                    () -> all(query, "SELECT hots FROM java2.java2"));
        });
        client.step("DeleteTable, DeleteDatabase", () -> {
            write.deleteTable(it -> it.databaseName(name).tableName(name));
            write.deleteDatabase(it -> it.databaseName(name));
        });
    }

    private static WriteRecordsResponse put(List<String> values) {
        var device = Dimension.builder().name("device").value("größer").build();
        var records = IntStream.range(0, values.size())
                .mapToObj(n -> Record.builder()
                        .dimensions(device)
                        .measureName("heat")
                        .measureValue(values.get(n))
                        .time(Long.toString(now - n))
                        .build())
                .toList();
        return write.writeRecords(it -> it.databaseName(name).tableName(name).records(records));
    }

    private static List<String> databases(TimestreamWriteClient client) {
        return client.listDatabases(it -> {}).databases().stream().map(Database::databaseName).toList();
    }

    /** The first column of a statement, in pages of one row. */
    private static List<String> all(TimestreamQueryClient client, String statement) {
        return client.queryPaginator(it -> it.queryString(statement).maxRows(1)).stream()
                .flatMap(page -> page.rows().stream())
                .map(row -> row.data().get(0).scalarValue())
                .toList();
    }
}
