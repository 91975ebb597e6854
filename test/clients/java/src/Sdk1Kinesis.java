import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.kinesis.AmazonKinesis;
import com.amazonaws.services.kinesis.AmazonKinesisClientBuilder;
import com.amazonaws.services.kinesis.model.*;
import com.amazonaws.util.VersionInfoUtils;
import com.amazonaws.waiters.WaiterParameters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The AWS SDK for Java 1, which speaks CBOR, against a Kinesis server. */
final class Sdk1Kinesis {
    private static final String stream = "java1";
    private static final String shard = "shardId-000000000000";
    private static AmazonKinesis kinesis;
    private static Date between;

    public static void main(String[] arguments) throws Exception {
        var client = new Steps("AWS SDK for Java 1", VersionInfoUtils.getVersion());
        var endpoint = new EndpointConfiguration(arguments[0], "us-east-1");
        kinesis = AmazonKinesisClientBuilder.standard().withEndpointConfiguration(endpoint).build();
        var sent = IntStream.range(0, 500).mapToObj(n -> "record " + n).toList();
        var all = Stream.concat(Stream.of("first"), sent.stream()).toList();

        client.step("CreateStream", () -> kinesis.createStream(stream, 1));
        client.step("waiters", () -> waitUntilActive());
        client.step("DescribeStream", () -> {
            var described = kinesis.describeStream(stream).getStreamDescription();
            Steps.equal(described.getShards().size(), 1);
            Steps.equal(isRecent(described.getStreamCreationTimestamp()), true);
        });
        client.step("DescribeStreamSummary", () -> {
            var request = new DescribeStreamSummaryRequest().withStreamName(stream);
            var summary = kinesis.describeStreamSummary(request).getStreamDescriptionSummary();
            Steps.equal(isRecent(summary.getStreamCreationTimestamp()), true);
        });
        client.step("ListStreams", () -> {
            Steps.equal(kinesis.listStreams().getStreamNames(), List.of(stream));
        });
        client.step("PutRecord", () -> {
            Steps.equal(kinesis.putRecord(stream, bytes("first"), "key").getShardId(), shard);
        });
        Thread.sleep(50);
        between = new Date();
        Thread.sleep(50);
        client.step("PutRecords", () -> {
            var entries = sent.stream()
                    .map(text -> new PutRecordsRequestEntry().withPartitionKey("key").withData(bytes(text)))
                    .toList();
            var put = new PutRecordsRequest().withStreamName(stream).withRecords(entries);
            Steps.equal(kinesis.putRecords(put).getFailedRecordCount(), 0);
        });
        client.step("GetRecords", () -> {
            Steps.equal(read(new GetShardIteratorRequest().withShardIteratorType("TRIM_HORIZON")), all);
        });
        client.step("GetShardIterator AT_TIMESTAMP", () -> {
            var from = new GetShardIteratorRequest().withShardIteratorType("AT_TIMESTAMP");
            Steps.equal(read(from.withTimestamp(between)), sent);
        });
        client.step("ListShards", () -> Steps.equal(shards(new ListShardsRequest()), 1));
        client.step("ListShards with a filter", () -> {
            for (var kind : List.of("AT_TIMESTAMP", "FROM_TIMESTAMP")) {
                var filter = new ShardFilter().withType(kind).withTimestamp(between);
                Steps.equal(shards(new ListShardsRequest().withShardFilter(filter)), 1);
            }
            var created = kinesis.describeStream(stream).getStreamDescription().getStreamCreationTimestamp();
            Steps.equal(shards(new ListShardsRequest().withStreamCreationTimestamp(created)), 1);
        });
        client.step("SplitShard, MergeShards", () -> {
            kinesis.splitShard(stream, shard, "1" + "0".repeat(38));
            waitUntilActive();
            kinesis.mergeShards(stream, "shardId-000000000001", "shardId-000000000002");
            waitUntilActive();
            Steps.equal(shards(new ListShardsRequest()), 4);
        });
        client.step("typed errors", () -> {
            Steps.refused(ResourceNotFoundException.class, () -> kinesis.describeStream("nowhere"));
            Steps.refused(ResourceInUseException.class, () -> kinesis.createStream(stream, 1));
        });
        client.step("DeleteStream", () -> {
            kinesis.deleteStream(stream);
            var gone = new WaiterParameters<>(new DescribeStreamRequest().withStreamName(stream));
            kinesis.waiters().streamNotExists().run(gone);
        });
    }

    private static void waitUntilActive() {
        var active = new WaiterParameters<>(new DescribeStreamRequest().withStreamName(stream));
        kinesis.waiters().streamExists().run(active);
    }

    /** The texts from a position to the tip of the shard, and that they came just now. */
    private static List<String> read(GetShardIteratorRequest from) {
        var found = new ArrayList<String>();
        var request = from.withStreamName(stream).withShardId(shard);
        var iterator = kinesis.getShardIterator(request).getShardIterator();
        while (iterator != null) {
            var page = kinesis.getRecords(new GetRecordsRequest().withShardIterator(iterator).withLimit(70));
            for (var each : page.getRecords()) {
                Steps.equal(isRecent(each.getApproximateArrivalTimestamp()), true);
                found.add(UTF_8.decode(each.getData()).toString());
            }
            if (page.getRecords().isEmpty()) break;
            iterator = page.getNextShardIterator();
        }
        return found;
    }

    private static int shards(ListShardsRequest request) {
        return kinesis.listShards(request.withStreamName(stream)).getShards().size();
    }

    private static boolean isRecent(Date date) {
        return Math.abs(System.currentTimeMillis() - date.getTime()) < 3_600_000;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }
}
