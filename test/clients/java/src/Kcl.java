import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.retrieval.RetrievalConfig;

/**
 * The Kinesis Client Library against a Kinesis server: four applications at once read one stream, of which a
 * shard was split, by polling and by fan-out, from its start and from a time.
 */
final class Kcl {
    private static final String stream = "kcl";
    private static KinesisAsyncClient kinesis;

    /** Arguments: the endpoint of DynamoDB and CloudWatch, the endpoint of Kinesis. */
    public static void main(String[] arguments) throws Exception {
        var client = new Steps("Kinesis Client Library", RetrievalConfig.KINESIS_CLIENT_LIB_USER_AGENT_VERSION);
        var others = URI.create(arguments[0]);
        var builder = KinesisAsyncClient.builder().endpointOverride(URI.create(arguments[1]));
        kinesis = KinesisClientUtil.createKinesisAsyncClient(builder);
        var dynamo = DynamoDbAsyncClient.builder().endpointOverride(others).build();
        var cloudWatch = CloudWatchAsyncClient.builder().endpointOverride(others).build();

        kinesis.createStream(it -> it.streamName(stream).shardCount(2)).get();
        waitUntilActive();
        var before = put(0, 100);
        Thread.sleep(50);
        var between = Date.from(Instant.now());
        Thread.sleep(50);
        var after = new ArrayList<>(put(100, 300));
        kinesis.splitShard(it -> it.streamName(stream)
                        .shardToSplit("shardId-000000000000")
                        .newStartingHashKey("1" + "0".repeat(37)))
                .get();
        waitUntilActive();
        after.addAll(put(300, 400));

        var start = InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON);
        var time = InitialPositionInStreamExtended.newInitialPositionAtTimestamp(between);
        var all = Stream.concat(before.stream(), after.stream()).toList();
        var aws = new KclApplication.Clients(kinesis, dynamo, cloudWatch);
        record Run(String operation, KclApplication application, List<String> wanted) {}
        var runs = List.of(
                new Run("polling from TRIM_HORIZON", KclApplication.polling(aws, stream, start), all),
                new Run("polling from AT_TIMESTAMP", KclApplication.polling(aws, stream, time), after),
                new Run("fan-out from TRIM_HORIZON", KclApplication.fanOut(aws, stream, start), all),
                new Run("fan-out from AT_TIMESTAMP", KclApplication.fanOut(aws, stream, time), after));
        for (var run : runs) {
            client.step("a consumer, " + run.operation(), () -> {
                run.application().awaitRecords(run.wanted().size());
                run.application().stop();
                Steps.equal(run.application().records(), run.wanted().stream().sorted().toList());
                run.application().checkParentsFirst();
            });
        }
        // Threads of the library outlive its scheduler.
        System.exit(0);
    }

    private static void waitUntilActive() throws Exception {
        try (var waiter = kinesis.waiter()) {
            waiter.waitUntilStreamExists(it -> it.streamName(stream)).get(1, TimeUnit.MINUTES);
        }
    }

    /** Puts records that are spread over all shards; their texts. */
    private static List<String> put(int from, int to) throws Exception {
        var texts = IntStream.range(from, to).mapToObj(n -> "record " + n).toList();
        var entries = texts.stream()
                .map(text -> PutRecordsRequestEntry.builder()
                        .partitionKey(text)
                        .data(SdkBytes.fromString(text, UTF_8))
                        .build())
                .toList();
        var put = kinesis.putRecords(it -> it.streamName(stream).records(entries)).get();
        Steps.equal(put.failedRecordCount(), 0);
        return texts;
    }
}
