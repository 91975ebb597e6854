import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.CoordinatorConfig.ClientVersionConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.*;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** An application of one worker. It remembers what it was given, and when shards began and ended. */
final class KclApplication {
    /** The clients of AWS that an application needs. */
    record Clients(KinesisAsyncClient kinesis, DynamoDbAsyncClient dynamo, CloudWatchAsyncClient cloudWatch) {}

    private static final AtomicInteger count = new AtomicInteger();
    private static final int timeLimitSeconds = 300;

    private final Queue<String> records = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> begun = new ConcurrentHashMap<>();
    private final Map<String, Long> ended = new ConcurrentHashMap<>();
    private final Scheduler scheduler;

    static KclApplication polling(Clients clients, String stream, InitialPositionInStreamExtended from) {
        return new KclApplication(clients, stream, from, false);
    }

    static KclApplication fanOut(Clients clients, String stream, InitialPositionInStreamExtended from) {
        return new KclApplication(clients, stream, from, true);
    }

    private KclApplication(
            Clients clients, String stream, InitialPositionInStreamExtended from, boolean isFanOut) {
        var name = "application-" + count.incrementAndGet();
        var configs = new ConfigsBuilder(
                new SingleStreamTracker(stream, from),
                name,
                clients.kinesis(),
                clients.dynamo(),
                clients.cloudWatch(),
                name,
                Processor::new);
        var retrieval = configs.retrievalConfig()
                .retrievalSpecificConfig(
                        isFanOut
                                ? new FanOutConfig(clients.kinesis()).streamName(stream).applicationName(name)
                                : new PollingConfig(stream, clients.kinesis()).idleTimeBetweenReadsInMillis(200));
        // Shorter than the defaults, which are meant for shards that live for days.
        var coordinator = configs.coordinatorConfig()
                .clientVersionConfig(ClientVersionConfig.CLIENT_VERSION_CONFIG_3X)
                .parentShardPollIntervalMillis(500)
                .shardConsumerDispatchPollIntervalMillis(200);
        var leases = configs.leaseManagementConfig().shardSyncIntervalMillis(2000);
        scheduler = new Scheduler(
                configs.checkpointConfig(),
                coordinator,
                leases,
                configs.lifecycleConfig(),
                configs.metricsConfig(),
                configs.processorConfig(),
                retrieval);
        var thread = new Thread(scheduler, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until so many records were given and a shard has ended, or the time is up. */
    void awaitRecords(int recordsCount) throws InterruptedException {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeLimitSeconds);
        while (records.size() < recordsCount || ended.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(records.size() + " records, shards ended: " + ended.keySet());
            }
            Thread.sleep(50);
        }
    }

    /** Ends the worker as its user would, so that whatever it was given is here. */
    void stop() throws Exception {
        scheduler.startGracefulShutdown().get(1, TimeUnit.MINUTES);
    }

    /** The texts that it was given, each as often as that was. */
    List<String> records() {
        return records.stream().sorted().toList();
    }

    /** Both children of the first shard began after it had ended. */
    void checkParentsFirst() {
        Steps.equal(ended.keySet(), Set.of("shardId-000000000000"));
        for (var child : List.of("shardId-000000000002", "shardId-000000000003")) {
            Steps.equal(begun.get(child) > ended.get("shardId-000000000000"), true);
        }
    }

    private final class Processor implements ShardRecordProcessor {
        private String shard;

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
            begun.put(shard, System.nanoTime());
        }

        @Override
        public void processRecords(ProcessRecordsInput input) {
            input.records().forEach(each -> records.add(UTF_8.decode(each.data()).toString()));
            if (!input.records().isEmpty()) checkpoint(input.checkpointer());
        }

        @Override
        public void leaseLost(LeaseLostInput input) {}

        @Override
        public void shardEnded(ShardEndedInput input) {
            ended.put(shard, System.nanoTime());
            checkpoint(input.checkpointer());
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {
            checkpoint(input.checkpointer());
        }

        private static void checkpoint(RecordProcessorCheckpointer checkpointer) {
            try {
                checkpointer.checkpoint();
            } catch (InvalidStateException | ShutdownException error) {
                throw new IllegalStateException(error);
            }
        }
    }
}
