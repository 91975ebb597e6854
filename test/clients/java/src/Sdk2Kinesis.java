import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.*;
import software.amazon.awssdk.services.kinesis.model.Record;

/** The AWS SDK for Java 2, which speaks CBOR, and HTTP/2 for subscriptions, against a Kinesis server. */
final class Sdk2Kinesis {
    private static final String stream = "java2";
    private static final String shard = "shardId-000000000000";
    private static KinesisClient kinesis;
    private static String arn;
    private static String consumer;
    private static Instant created;
    private static Instant between;

    public static void main(String[] arguments) throws Exception {
        var client = new Steps("AWS SDK for Java 2", VersionInfo.SDK_VERSION);
        var endpoint = URI.create(arguments[0]);
        kinesis = KinesisClient.builder().endpointOverride(endpoint).build();
        var sent = IntStream.range(0, 500).mapToObj(n -> "record " + n).toList();
        var all = Stream.concat(Stream.of("first"), sent.stream()).toList();

        client.step("CreateStream", () -> kinesis.createStream(it -> it.streamName(stream).shardCount(1)));
        client.step("waiters", () -> waitUntilActive());
        client.step("DescribeStream", () -> {
            var described = kinesis.describeStream(it -> it.streamName(stream)).streamDescription();
            Steps.equal(described.shards().size(), 1);
            Steps.equal(isRecent(described.streamCreationTimestamp()), true);
        });
        client.step("DescribeStreamSummary", () -> {
            var summary = kinesis.describeStreamSummary(it -> it.streamName(stream)).streamDescriptionSummary();
            created = summary.streamCreationTimestamp();
            Steps.equal(isRecent(created), true);
            arn = summary.streamARN();
        });
        client.step("ListStreams", () -> {
            Steps.equal(kinesis.listStreams().streamNames(), List.of(stream));
        });
        client.step("PutRecord", () -> {
            var put = kinesis.putRecord(it -> it.streamName(stream).partitionKey("key").data(bytes("first")));
            Steps.equal(put.shardId(), shard);
        });
        Thread.sleep(50);
        between = Instant.now();
        Thread.sleep(50);
        client.step("PutRecords", () -> {
            var entries = sent.stream()
                    .map(text -> PutRecordsRequestEntry.builder().partitionKey("key").data(bytes(text)).build())
                    .toList();
            Steps.equal(kinesis.putRecords(it -> it.streamName(stream).records(entries)).failedRecordCount(), 0);
        });
        client.step("GetRecords", () -> Steps.equal(read(ShardIteratorType.TRIM_HORIZON, null), all));
        client.step("GetShardIterator AT_TIMESTAMP", () -> {
            Steps.equal(read(ShardIteratorType.AT_TIMESTAMP, between), sent);
        });
        client.step("ListShards", () -> {
            Steps.equal(shards(ListShardsRequest.builder()), 1);
        });
        client.step("ListShards with a filter", () -> {
            for (var kind : List.of(ShardFilterType.AT_TIMESTAMP, ShardFilterType.FROM_TIMESTAMP)) {
                var filter = ShardFilter.builder().type(kind).timestamp(between).build();
                Steps.equal(shards(ListShardsRequest.builder().shardFilter(filter)), 1);
            }
            Steps.equal(shards(ListShardsRequest.builder().streamCreationTimestamp(created)), 1);
        });
        try (var async = KinesisAsyncClient.builder().endpointOverride(endpoint).build()) {
            client.step("stream consumers", () -> register(async, "fan-out"));
            client.step("SubscribeToShard", () -> {
                var start = StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build();
                Steps.equal(subscribe(async, start, all.size()), all);
            });
            client.step("SubscribeToShard AT_TIMESTAMP", () -> {
                register(async, "another");
                var start = StartingPosition.builder().type(ShardIteratorType.AT_TIMESTAMP).timestamp(between);
                Steps.equal(subscribe(async, start.build(), sent.size()), sent);
            });
        }
        client.step("SplitShard, MergeShards", () -> {
            kinesis.splitShard(it -> it.streamName(stream)
                    .shardToSplit(shard)
                    .newStartingHashKey("1" + "0".repeat(38)));
            waitUntilActive();
            kinesis.mergeShards(it -> it.streamName(stream)
                    .shardToMerge("shardId-000000000001")
                    .adjacentShardToMerge("shardId-000000000002"));
            waitUntilActive();
            Steps.equal(shards(ListShardsRequest.builder()), 4);
        });
        client.step("typed errors", () -> {
            Steps.refused(
                    ResourceNotFoundException.class,
                    () -> kinesis.describeStream(it -> it.streamName("nowhere")));
            Steps.refused(
                    ResourceInUseException.class,
                    () -> kinesis.createStream(it -> it.streamName(stream).shardCount(1)));
        });
        client.step("DeleteStream", () -> {
            kinesis.deleteStream(it -> it.streamName(stream).enforceConsumerDeletion(true));
            kinesis.waiter().waitUntilStreamNotExists(it -> it.streamName(stream));
        });
    }

    private static void waitUntilActive() {
        var waited = kinesis.waiter().waitUntilStreamExists(it -> it.streamName(stream));
        Steps.equal(waited.matched().response().isPresent(), true);
    }

    /** The texts from a position to the tip of the shard, and that they came just now. */
    private static List<String> read(ShardIteratorType type, Instant time) {
        var found = new ArrayList<String>();
        var iterator = kinesis.getShardIterator(it ->
                        it.streamName(stream).shardId(shard).shardIteratorType(type).timestamp(time))
                .shardIterator();
        while (iterator != null) {
            var from = iterator;
            var page = kinesis.getRecords(it -> it.shardIterator(from).limit(70));
            for (var each : page.records()) {
                Steps.equal(isRecent(each.approximateArrivalTimestamp()), true);
                found.add(each.data().asUtf8String());
            }
            if (page.records().isEmpty()) break;
            iterator = page.nextShardIterator();
        }
        return found;
    }

    private static int shards(ListShardsRequest.Builder request) {
        return kinesis.listShards(request.streamName(stream).build()).shards().size();
    }

    private static void register(KinesisAsyncClient async, String name) throws Exception {
        var request = RegisterStreamConsumerRequest.builder().streamARN(arn).consumerName(name).build();
        var registered = async.registerStreamConsumer(request).get().consumer();
        Steps.equal(isRecent(registered.consumerCreationTimestamp()), true);
        consumer = registered.consumerARN();
        while (true) {
            var described = kinesis.describeStreamConsumer(it -> it.consumerARN(consumer)).consumerDescription();
            if (described.consumerStatus() == ConsumerStatus.ACTIVE) return;
            Thread.sleep(50);
        }
    }

    /** So many texts of a subscription, which it then ends. */
    private static List<String> subscribe(KinesisAsyncClient async, StartingPosition start, int count)
            throws Exception {
        var records = new LinkedBlockingQueue<Record>();
        var visitor = SubscribeToShardResponseHandler.Visitor.builder()
                .onSubscribeToShardEvent(event -> records.addAll(event.records()))
                .build();
        var handler = SubscribeToShardResponseHandler.builder().subscriber(visitor).build();
        var subscription = async.subscribeToShard(
                it -> it.consumerARN(consumer).shardId(shard).startingPosition(start), handler);
        var found = new ArrayList<String>();
        while (found.size() < count) {
            var next = records.poll(100, TimeUnit.MILLISECONDS);
            if (next != null) found.add(next.data().asUtf8String());
            else if (subscription.isDone()) subscription.get();
        }
        subscription.cancel(true);
        return found;
    }

    private static boolean isRecent(Instant time) {
        return Duration.between(time, Instant.now()).abs().toHours() == 0;
    }

    private static SdkBytes bytes(String text) {
        return SdkBytes.fromUtf8String(text);
    }
}
