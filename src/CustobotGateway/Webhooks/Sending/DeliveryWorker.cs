using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using CustobotGateway.Common.Database;
using CustobotGateway.Common.Http;
using Npgsql;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>
/// Sends what is due: claims queues, sends the messages of each one after another, many queues at once, and writes down what came of them, many at a time. Gateways
/// share the queues. What a gateway sent and could not write down is sent again, with the same id.
/// </summary>
internal sealed class DeliveryWorker(
    NpgsqlDataSource database, MigrateAtStart migration, WebhookOptions options, WebhookSender sender, WebhookSecrets secrets, DeliverySignal signal, TimeProvider clock, ILogger<DeliveryWorker> logger)
    : BackgroundService
{
    private const int MostWrittenAtOnce = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(5);

    private readonly Channel<Result> _results = Channel.CreateUnbounded<Result>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, int> _sending = new(StringComparer.Ordinal);
    private int _open;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.WhenDoneAsync(stoppingToken);
        using var patience = new CancellationTokenSource();
        var writing = Task.Run(() => WriteAllAsync(patience.Token), CancellationToken.None);
        try
        {
            while (true)
            {
                var claimed = await TryClaimAsync(stoppingToken);
                if (claimed < 0)
                {
                    await Task.Delay(PauseAfterFailure, stoppingToken);
                }
                else if (claimed == 0)
                {
                    await signal.WaitAsync(Pause, stoppingToken);
                }
            }
        }
        finally
        {
            // What is being sent is broken off by now: its claims are given back, so that another gateway goes on at once.
            patience.CancelAfter(PatienceAtEnd);
            while (Volatile.Read(ref _open) > 0 && !patience.IsCancellationRequested)
            {
                await Task.Delay(20, CancellationToken.None);
            }
            _results.Writer.Complete();
            await writing;
        }
    }

    private async Task<int> TryClaimAsync(CancellationToken cancellationToken)
    {
        var free = options.MaxConcurrent - Volatile.Read(ref _open);
        if (free <= 0)
        {
            return 0;
        }
        try
        {
            var claims = await DeliveryClaims.TakeAsync(database, free, options.MaxPerEndpoint, new Dictionary<string, int>(_sending), clock.GetUtcNow(), cancellationToken);
            var began = Stopwatch.GetTimestamp();
            foreach (var claim in claims)
            {
                Interlocked.Increment(ref _open);
                _sending.AddOrUpdate(claim.EndpointId, 1, static (_, count) => count + 1);
                _ = Task.Run(() => SendAsync(claim, began, cancellationToken), CancellationToken.None);
            }
            return claims.Count;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.DeliveringPaused(logger, exception.GetType().Name);
            return -1;
        }
    }

    /// <summary>Sends the messages of a claim until one fails, or the claim might end before the next one's answer.</summary>
    private async Task SendAsync(Claimed claim, long began, CancellationToken cancellationToken)
    {
        Result? last = null;
        try
        {
            if (SecretsOf(claim) is not { } signing)
            {
                // Nothing is sent unsigned. It is as good as an endpoint that does not answer, until its owner rotates the secret.
                last = claim.Messages.Count == 0 ? null : Failed(claim, claim.Messages[0]);
                return;
            }
            var longest = TimeSpan.FromSeconds(DeliveryClaims.LeaseSeconds - options.TimeoutSeconds - 5);
            foreach (var message in claim.Messages)
            {
                if (last is not null)
                {
                    _results.Writer.TryWrite(last);
                    last = null;
                }
                if (Stopwatch.GetElapsedTime(began) > longest)
                {
                    return;
                }
                var sent = await sender.SendAsync(claim.Url, signing, message, cancellationToken);
                if (sent.Attempt.Error == PostFault.Busy)
                {
                    return;
                }
                var wait = sent.Arrived ? null : DeliverySchedule.After(message.Attempts + 1, sent.RetryAfter, WebhookSender.Chance());
                last = new Result(claim, message, sent, false, sent.IsGone ? null : wait);
                if (!sent.Arrived)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops; another sends the message.
        }
        catch (Exception exception)
        {
            // A bug of ours must not keep the claim for ever.
            Log.SendingFailed(logger, exception);
        }
        finally
        {
            _results.Writer.TryWrite(last is null ? new Result(claim, null, null, true, null) : last with { EndsClaim = true });
        }
    }

    private List<byte[]>? SecretsOf(Claimed claim)
    {
        var signing = new List<byte[]>(2);
        foreach (var one in claim.OldSecret is null ? [claim.Secret] : new[] { claim.Secret, claim.OldSecret })
        {
            if (secrets.Open(one) is { } opened)
            {
                signing.Add(opened);
            }
        }
        if (signing.Count > 0)
        {
            return signing;
        }
        Log.SecretLost(logger, claim.EndpointId);
        return null;
    }

    private Result Failed(Claimed claim, Message message) =>
        new(claim, message, new Sent(new DeliveryAttempt(clock.GetUtcNow(), 0, null, PostFault.Unreachable, null), null), false, DeliverySchedule.After(message.Attempts + 1, null, WebhookSender.Chance()));

    private async Task WriteAllAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Result>(MostWrittenAtOnce);
        while (await _results.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < MostWrittenAtOnce && _results.Reader.TryRead(out var result))
            {
                batch.Add(result);
            }
            await WriteAsync(batch, cancellationToken);
            foreach (var ended in batch.Where(one => one.EndsClaim))
            {
                Interlocked.Decrement(ref _open);
                if (_sending.AddOrUpdate(ended.Claim.EndpointId, 0, static (_, count) => count - 1) == 0)
                {
                    _sending.TryRemove(KeyValuePair.Create(ended.Claim.EndpointId, 0));
                }
            }
            batch.Clear();
            signal.Wake();
        }
    }

    private async Task WriteAsync(List<Result> batch, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var now = clock.GetUtcNow();
                await DeliveryResults.WriteAsync(database, batch, now, cancellationToken);
                foreach (var (endpoint, reason) in await DeliveryResults.NoteHealthAsync(database, batch, options.DisableAfterDays, now, cancellationToken))
                {
                    await DisableAsync(endpoint, reason, cancellationToken);
                }
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
            {
                // Written again as it is: what was written is not pending any more.
                Log.WritingPaused(logger, batch.Count, exception.GetType().Name);
                await Task.Delay(PauseAfterFailure, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task DisableAsync(string endpoint, DisabledReason reason, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await DisableEndpoint.RunAsync(transaction, endpoint, reason, clock.GetUtcNow(), cancellationToken))
        {
            await transaction.CommitAsync(cancellationToken);
            Log.EndpointDisabled(logger, endpoint, reason.ToString());
        }
    }
}
