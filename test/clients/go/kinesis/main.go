// The AWS SDK for Go against a Kinesis server.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	. "highwater/clients/steps"
)

const (
	stream = "go"
	shard  = "shardId-000000000000"
)

func main() {
	client := For("github.com/aws/aws-sdk-go-v2/service/kinesis")
	api := kinesis.NewFromConfig(Config(), func(options *kinesis.Options) {
		options.BaseEndpoint = aws.String(Endpoint())
	})
	name := aws.String(stream)
	var arn *string
	var between time.Time

	client.Step("CreateStream", func(ctx context.Context) {
		Must(api.CreateStream(ctx, &kinesis.CreateStreamInput{StreamName: name, ShardCount: aws.Int32(1)}))
	})
	client.Step("waiters", func(ctx context.Context) {
		waiter := kinesis.NewStreamExistsWaiter(api)
		must(waiter.Wait(ctx, &kinesis.DescribeStreamInput{StreamName: name}, time.Minute))
	})
	client.Step("DescribeStream", func(ctx context.Context) {
		described := Must(api.DescribeStream(ctx, &kinesis.DescribeStreamInput{StreamName: name}))
		arn = described.StreamDescription.StreamARN
		Equal(len(described.StreamDescription.Shards), 1)
		Equal(time.Since(*described.StreamDescription.StreamCreationTimestamp) < time.Hour, true)
	})
	client.Step("DescribeStreamSummary", func(ctx context.Context) {
		summary := Must(api.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: name}))
		Equal(summary.StreamDescriptionSummary.StreamStatus, types.StreamStatusActive)
	})
	client.Step("ListStreams", func(ctx context.Context) {
		Equal(Must(api.ListStreams(ctx, &kinesis.ListStreamsInput{})).StreamNames, []string{stream})
	})
	client.Step("PutRecord", func(ctx context.Context) {
		put := &kinesis.PutRecordInput{StreamName: name, PartitionKey: name, Data: []byte("first")}
		Equal(*Must(api.PutRecord(ctx, put)).ShardId, shard)
	})
	time.Sleep(50 * time.Millisecond)
	between = time.Now()
	time.Sleep(50 * time.Millisecond)
	sent := []string{}
	client.Step("PutRecords", func(ctx context.Context) {
		entries := []types.PutRecordsRequestEntry{}
		for n := range 500 {
			sent = append(sent, fmt.Sprintf("record %d", n))
			entries = append(entries, types.PutRecordsRequestEntry{PartitionKey: name, Data: []byte(sent[n])})
		}
		put := Must(api.PutRecords(ctx, &kinesis.PutRecordsInput{StreamName: name, Records: entries}))
		Equal(*put.FailedRecordCount, int32(0))
	})
	all := append([]string{"first"}, sent...)
	read := func(ctx context.Context, from kinesis.GetShardIteratorInput) []string {
		from.StreamName, from.ShardId = name, aws.String(shard)
		iterator := Must(api.GetShardIterator(ctx, &from)).ShardIterator
		found := []string{}
		for iterator != nil {
			page := Must(api.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(70)}))
			if len(page.Records) == 0 {
				break
			}
			found = append(found, texts(page.Records)...)
			iterator = page.NextShardIterator
		}
		return found
	}
	client.Step("GetRecords", func(ctx context.Context) {
		Equal(read(ctx, kinesis.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeTrimHorizon}), all)
	})
	client.Step("GetShardIterator AT_TIMESTAMP", func(ctx context.Context) {
		kind := types.ShardIteratorTypeAtTimestamp
		Equal(read(ctx, kinesis.GetShardIteratorInput{ShardIteratorType: kind, Timestamp: &between}), sent)
	})
	client.Step("ListShards with a filter", func(ctx context.Context) {
		filter := &types.ShardFilter{Type: types.ShardFilterTypeAtTimestamp, Timestamp: &between}
		list := &kinesis.ListShardsInput{StreamName: name, ShardFilter: filter}
		Equal(len(Must(api.ListShards(ctx, list)).Shards), 1)
	})
	var consumer *string
	client.Step("stream consumers", func(ctx context.Context) {
		register := &kinesis.RegisterStreamConsumerInput{StreamARN: arn, ConsumerName: name}
		consumer = Must(api.RegisterStreamConsumer(ctx, register)).Consumer.ConsumerARN
		describe := &kinesis.DescribeStreamConsumerInput{ConsumerARN: consumer}
		for {
			described := Must(api.DescribeStreamConsumer(ctx, describe)).ConsumerDescription
			if described.ConsumerStatus == types.ConsumerStatusActive {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
	})
	client.Step("SubscribeToShard AT_TIMESTAMP", func(ctx context.Context) {
		from := &types.StartingPosition{Type: types.ShardIteratorTypeAtTimestamp, Timestamp: &between}
		Equal(subscribe(ctx, api, consumer, from), sent)
	})
	client.Step("typed errors", func(ctx context.Context) {
		var missing *types.ResourceNotFoundException
		nowhere := &kinesis.DescribeStreamSummaryInput{StreamName: aws.String("nowhere")}
		_, err := api.DescribeStreamSummary(ctx, nowhere)
		Equal(errors.As(err, &missing), true)
	})
	client.Step("DeleteStream", func(ctx context.Context) {
		whole := &kinesis.DeleteStreamInput{StreamName: name, EnforceConsumerDeletion: aws.Bool(true)}
		Must(api.DeleteStream(ctx, whole))
		waiter := kinesis.NewStreamNotExistsWaiter(api)
		must(waiter.Wait(ctx, &kinesis.DescribeStreamInput{StreamName: name}, time.Minute))
	})
}

// subscribe returns the records of a subscription until it says that it has caught up.
func subscribe(ctx context.Context, api *kinesis.Client, consumer *string, from *types.StartingPosition) []string {
	start := &kinesis.SubscribeToShardInput{ConsumerARN: consumer, ShardId: aws.String(shard), StartingPosition: from}
	events := Must(api.SubscribeToShard(ctx, start)).GetStream()
	defer events.Close()
	found := []string{}
	for event := range events.Events() {
		page := event.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
		found = append(found, texts(page.Records)...)
		if *page.MillisBehindLatest == 0 {
			return found
		}
	}
	must(events.Err())
	return found
}

func texts(records []types.Record) []string {
	found := []string{}
	for _, record := range records {
		found = append(found, string(record.Data))
	}
	return found
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
