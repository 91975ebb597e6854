"""The AWS CLI's `aws kinesis`."""

import base64

from cli import aws, steps
from steps import equal, now

stream = "cli"


def kinesis(command: str, *arguments: str):
    return aws("kinesis", command, *arguments)


def status():
    return summary()["StreamStatus"]


def summary():
    return kinesis("describe-stream-summary", "--stream-name", stream)["StreamDescriptionSummary"]


def read(*position: str):
    of = (
        "--stream-name",
        stream,
        "--shard-id",
        "shardId-000000000000",
        "--shard-iterator-type",
        *position,
    )
    iterator = kinesis("get-shard-iterator", *of)["ShardIterator"]
    records = kinesis("get-records", "--shard-iterator", iterator)["Records"]
    return [base64.b64decode(record["Data"]).decode() for record in records]


def ids(shards):
    return [shard["ShardId"][-1] for shard in shards["Shards"]]


with steps.step("CreateStream"):
    kinesis("create-stream", "--stream-name", stream, "--shard-count", "1")
with steps.step("waiters"):
    kinesis("wait", "stream-exists", "--stream-name", stream)
    equal(status(), "ACTIVE")
with steps.step("DescribeStream"):
    described = kinesis("describe-stream", "--stream-name", stream)["StreamDescription"]
    equal(len(described["Shards"]), 1)
with steps.step("DescribeStreamSummary"):
    arn = summary()["StreamARN"]
    equal(arn.endswith(":stream/cli"), True)
with steps.step("ListStreams"):
    equal(kinesis("list-streams")["StreamNames"], [stream])
with steps.step("PutRecord"):
    before = now().isoformat()
    put = kinesis("put-record", "--stream-name", stream, "--partition-key", "k", "--data", "one")
    equal(put["ShardId"], "shardId-000000000000")
with steps.step("PutRecords"):
    more = ["Data=two,PartitionKey=k", "Data=three,PartitionKey=k"]
    equal(
        kinesis("put-records", "--stream-name", stream, "--records", *more)["FailedRecordCount"], 0
    )
with steps.step("GetRecords"):
    equal(read("TRIM_HORIZON"), ["one", "two", "three"])
with steps.step("GetShardIterator"):
    sequence_number = put["SequenceNumber"]
    equal(
        read("AFTER_SEQUENCE_NUMBER", "--starting-sequence-number", sequence_number),
        ["two", "three"],
    )
with steps.step("GetShardIterator AT_TIMESTAMP"):
    equal(read("AT_TIMESTAMP", "--timestamp", before), ["one", "two", "three"])
with steps.step("ListShards"):
    equal(ids(kinesis("list-shards", "--stream-name", stream)), ["0"])
with steps.step("ListShards with a filter"):
    at = f"Type=AT_TIMESTAMP,Timestamp={before}"
    equal(ids(kinesis("list-shards", "--stream-name", stream, "--shard-filter", at)), ["0"])
with steps.step("SplitShard, MergeShards"):
    shard = ("--shard-to-split", "shardId-000000000000", "--new-starting-hash-key", str(2**127))
    kinesis("split-shard", "--stream-name", stream, *shard)
    kinesis("wait", "stream-exists", "--stream-name", stream)
    pair = (
        "--shard-to-merge",
        "shardId-000000000001",
        "--adjacent-shard-to-merge",
        "shardId-000000000002",
    )
    kinesis("merge-shards", "--stream-name", stream, *pair)
    kinesis("wait", "stream-exists", "--stream-name", stream)
    latest = kinesis("list-shards", "--stream-name", stream, "--shard-filter", "Type=AT_LATEST")
    equal(ids(latest), ["3"])
with steps.step("UpdateShardCount"):
    kinesis(
        "update-shard-count",
        "--stream-name",
        stream,
        "--target-shard-count",
        "2",
        "--scaling-type",
        "UNIFORM_SCALING",
    )
    kinesis("wait", "stream-exists", "--stream-name", stream)
    equal(summary()["OpenShardCount"], 2)
with steps.step("stream consumers"):
    fan_out = ("--stream-arn", arn, "--consumer-name", "fan-out")
    kinesis("register-stream-consumer", *fan_out)
    described = kinesis("describe-stream-consumer", *fan_out)["ConsumerDescription"]
    equal(described["ConsumerName"], "fan-out")
    equal(len(kinesis("list-stream-consumers", "--stream-arn", arn)["Consumers"]), 1)
    kinesis("deregister-stream-consumer", *fan_out)
with steps.step("retention"):
    kinesis(
        "increase-stream-retention-period",
        "--stream-name",
        stream,
        "--retention-period-hours",
        "48",
    )
    equal(summary()["RetentionPeriodHours"], 48)
    kinesis(
        "decrease-stream-retention-period",
        "--stream-name",
        stream,
        "--retention-period-hours",
        "24",
    )
with steps.step("encryption, monitoring"):
    key = ("--encryption-type", "KMS", "--key-id", "alias/aws/kinesis")
    kinesis("start-stream-encryption", "--stream-name", stream, *key)
    kinesis("wait", "stream-exists", "--stream-name", stream)
    equal(summary()["EncryptionType"], "KMS")
    kinesis("enable-enhanced-monitoring", "--stream-name", stream, "--shard-level-metrics", "ALL")
with steps.step("tags"):
    kinesis("add-tags-to-stream", "--stream-name", stream, "--tags", '{"a": "b", "größe": "groß"}')
    kinesis("remove-tags-from-stream", "--stream-name", stream, "--tag-keys", "a")
    tags = kinesis("list-tags-for-stream", "--stream-name", stream)["Tags"]
    equal(tags, [{"Key": "größe", "Value": "groß"}])
with steps.step("UpdateStreamMode"):
    kinesis(
        "update-stream-mode", "--stream-arn", arn, "--stream-mode-details", "StreamMode=ON_DEMAND"
    )
    equal(summary()["StreamModeDetails"], {"StreamMode": "ON_DEMAND"})
with steps.step("DescribeLimits"):
    equal(kinesis("describe-limits")["ShardLimit"] > 0, True)
with steps.step("DeleteStream"):
    kinesis("wait", "stream-exists", "--stream-name", stream)
    kinesis("delete-stream", "--stream-name", stream)
    kinesis("wait", "stream-not-exists", "--stream-name", stream)
    equal(kinesis("list-streams")["StreamNames"], [])
