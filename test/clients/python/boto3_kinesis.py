"""boto3 against a Kinesis server."""

from datetime import timedelta
from time import sleep

import boto3

from steps import Steps, endpoint, equal, now, refused

steps = Steps("boto3", boto3.__version__)
kinesis = boto3.client("kinesis", endpoint_url=endpoint())
stream = "boto3"


def read(iterator: str, **limits):
    """All records from an iterator to the tip of its shard."""
    records = []
    while iterator:
        page = kinesis.get_records(ShardIterator=iterator, **limits)
        records += page["Records"]
        if page["MillisBehindLatest"] == 0 and not page["Records"]:
            break
        iterator = page.get("NextShardIterator")
    return [record["Data"] for record in records]


def iterator_of(shard: str, kind: str, **position):
    return kinesis.get_shard_iterator(
        StreamName=stream, ShardId=shard, ShardIteratorType=kind, **position
    )["ShardIterator"]


def shard_ids(**filters):
    shards = kinesis.list_shards(StreamName=stream, **filters)["Shards"]
    return [shard["ShardId"][-1] for shard in shards]


with steps.step("CreateStream"):
    kinesis.create_stream(StreamName=stream, ShardCount=2)
with steps.step("waiters"):
    kinesis.get_waiter("stream_exists").wait(StreamName=stream)
with steps.step("DescribeStream"):
    described = kinesis.describe_stream(StreamName=stream)["StreamDescription"]
    equal(described["StreamStatus"], "ACTIVE")
    equal(len(described["Shards"]), 2)
    equal(abs(now() - described["StreamCreationTimestamp"]) < timedelta(minutes=5), True)
with steps.step("DescribeStreamSummary"):
    summary = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
    equal(summary["OpenShardCount"], 2)
    arn = summary["StreamARN"]
with steps.step("ListStreams"):
    pages = kinesis.get_paginator("list_streams").paginate()
    equal([name for page in pages for name in page["StreamNames"]], [stream])
with steps.step("PutRecord"):
    put = kinesis.put_record(
        StreamName=stream, Data=b"\x00\xff", ExplicitHashKey="0", PartitionKey="k"
    )
    equal(put["ShardId"], "shardId-000000000000")
    first = put["SequenceNumber"]
sleep(0.05)
between = now()
sleep(0.05)
with steps.step("PutRecords"):
    entries = [
        {"Data": b"%03d" % n * 3400, "PartitionKey": "k", "ExplicitHashKey": "0"}
        for n in range(500)
    ]
    put = kinesis.put_records(StreamName=stream, Records=entries)
    equal((put["FailedRecordCount"], len(put["Records"])), (0, 500))
sent = [entry["Data"] for entry in entries]
shard = "shardId-000000000000"
with steps.step("GetShardIterator"):
    equal(read(iterator_of(shard, "TRIM_HORIZON")), [b"\x00\xff", *sent])
    equal(
        read(iterator_of(shard, "AT_SEQUENCE_NUMBER", StartingSequenceNumber=first)),
        [b"\x00\xff", *sent],
    )
    equal(read(iterator_of(shard, "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=first)), sent)
    equal(read(iterator_of(shard, "LATEST")), [])
with steps.step("GetShardIterator AT_TIMESTAMP"):
    local = between.astimezone().replace(tzinfo=None)
    seconds = between.timestamp()
    for time in (between, local, seconds, between.isoformat(), str(seconds)):
        equal(read(iterator_of(shard, "AT_TIMESTAMP", Timestamp=time)), sent)
    equal(len(read(iterator_of(shard, "AT_TIMESTAMP", Timestamp=0))), 501)
with steps.step("GetRecords"):
    equal(read(iterator_of(shard, "TRIM_HORIZON"), Limit=7), [b"\x00\xff", *sent])
    page = kinesis.get_records(ShardIterator=iterator_of(shard, "TRIM_HORIZON"), Limit=1)
    equal(len(page["Records"]), 1)
    equal(
        abs(between - page["Records"][0]["ApproximateArrivalTimestamp"]) < timedelta(minutes=1),
        True,
    )
with steps.step("SplitShard, MergeShards"):
    kinesis.split_shard(StreamName=stream, ShardToSplit=shard, NewStartingHashKey=str(2**126))
    kinesis.get_waiter("stream_exists").wait(StreamName=stream)
    kinesis.merge_shards(
        StreamName=stream,
        ShardToMerge="shardId-000000000002",
        AdjacentShardToMerge="shardId-000000000003",
    )
    kinesis.get_waiter("stream_exists").wait(StreamName=stream)
    equal(read(iterator_of(shard, "TRIM_HORIZON")), [b"\x00\xff", *sent])
with steps.step("ListShards"):
    equal(shard_ids(), ["0", "1", "2", "3", "4"])
    token = kinesis.list_shards(StreamName=stream, MaxResults=2)["NextToken"]
    equal(len(kinesis.list_shards(NextToken=token)["Shards"]), 3)
with steps.step("ListShards with a filter"):
    filtered = lambda kind, **more: shard_ids(ShardFilter={"Type": kind, **more})
    equal(filtered("AT_LATEST"), ["1", "4"])
    equal(filtered("AT_TRIM_HORIZON"), ["0", "1"])
    equal(filtered("FROM_TRIM_HORIZON"), ["0", "1", "2", "3", "4"])
    equal(filtered("AFTER_SHARD_ID", ShardId="shardId-000000000002"), ["3", "4"])
    equal(filtered("AT_TIMESTAMP", Timestamp=between), ["0", "1"])
    equal(filtered("FROM_TIMESTAMP", Timestamp=between), ["0", "1", "2", "3", "4"])
    created = described["StreamCreationTimestamp"]
    equal(shard_ids(StreamCreationTimestamp=created), ["0", "1", "2", "3", "4"])
with steps.step("stream consumers"):
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="fan-out")["Consumer"]
    while True:
        of = {"ConsumerARN": consumer["ConsumerARN"]}
        status = kinesis.describe_stream_consumer(**of)["ConsumerDescription"]["ConsumerStatus"]
        if status == "ACTIVE":
            break
        sleep(0.05)
    listed = kinesis.get_paginator("list_stream_consumers").paginate(StreamARN=arn)
    equal([each["ConsumerName"] for page in listed for each in page["Consumers"]], ["fan-out"])


def subscribe(shard: str, **position):
    """The records of a subscription until it says that it has caught up."""
    reply = kinesis.subscribe_to_shard(
        ConsumerARN=consumer["ConsumerARN"], ShardId=shard, StartingPosition=position
    )
    records = []
    for event in reply["EventStream"]:
        event = event["SubscribeToShardEvent"]
        records += [record["Data"] for record in event["Records"]]
        if event["MillisBehindLatest"] == 0:
            break
    reply["EventStream"].close()
    return records


with steps.step("SubscribeToShard"):
    kinesis.put_record(StreamName=stream, Data=b"one", PartitionKey="k", ExplicitHashKey="0")
    equal(subscribe("shardId-000000000004", Type="TRIM_HORIZON"), [b"one"])
with steps.step("SubscribeToShard AT_TIMESTAMP"):
    equal(subscribe(shard, Type="AT_TIMESTAMP", Timestamp=between), sent)
with steps.step("tags"):
    kinesis.add_tags_to_stream(StreamName=stream, Tags={"größe": "groß"})
    kinesis.tag_resource(ResourceARN=arn, Tags={"a": "b"})
    kinesis.untag_resource(ResourceARN=arn, TagKeys=["a"])
    equal(
        kinesis.list_tags_for_stream(StreamName=stream)["Tags"], [{"Key": "größe", "Value": "groß"}]
    )
    equal(
        kinesis.list_tags_for_resource(ResourceARN=arn)["Tags"], [{"Key": "größe", "Value": "groß"}]
    )
with steps.step("typed errors"):
    with refused(kinesis, "ResourceInUseException"):
        kinesis.create_stream(StreamName=stream, ShardCount=1)
    with refused(kinesis, "ResourceNotFoundException"):
        kinesis.describe_stream(StreamName="nowhere")
    with refused(kinesis, "InvalidArgumentException"):
        iterator_of(shard, "AT_TIMESTAMP", Timestamp=now() + timedelta(days=1))
with steps.step("DeleteStream"):
    kinesis.delete_stream(StreamName=stream, EnforceConsumerDeletion=True)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=stream)
    with refused(kinesis, "ResourceNotFoundException"):
        kinesis.describe_stream(StreamName=stream)
