using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Storage;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>
/// Remembers assertions and proofs of all requests together. While one statement is on its way to the disk, the uses that come meanwhile gather for the next: each is
/// durable when its answer is yes, and a commit is shared by as many requests as wait for one. The first that finds nobody writing writes until none is left.
/// </summary>
internal sealed class ReplayBatches(NpgsqlDataSource database) : IReplays
{
    private const int MostAtOnce = 512;
    // So many requests cannot be helped by waiting; they are told that the database does not answer.
    private const int MostWaiting = 16_384;

    private readonly Lock _lock = new();
    private readonly Queue<Claim> _waiting = new();
    private bool _isWriting;

    /// <inheritdoc/>
    public async ValueTask<bool> TryUseAsync(OneTimeUse use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        var claim = new Claim(use);
        bool isFirst;
        lock (_lock)
        {
            if (_waiting.Count >= MostWaiting)
            {
                throw new NpgsqlException("Too many uses wait to be written.", new TimeoutException());
            }
            _waiting.Enqueue(claim);
            (isFirst, _isWriting) = (!_isWriting, true);
        }
        if (isFirst)
        {
            // Of no request in particular: one that goes away must not take the others' writer with it.
            _ = Task.Run(WriteAllAsync, CancellationToken.None);
        }
        return await claim.Task.WaitAsync(cancellationToken);
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<Claim>(MostAtOnce);
        while (Take(batch))
        {
            try
            {
                var firsts = await WriteAsync(batch);
                foreach (var claim in batch)
                {
                    // Of two alike in one batch one is the first: whoever finds it in the set takes it out.
                    claim.SetResult(firsts.Remove(claim.Row));
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                foreach (var claim in batch)
                {
                    claim.TrySetException(failure);
                }
            }
        }
    }

    private bool Take(List<Claim> batch)
    {
        batch.Clear();
        lock (_lock)
        {
            while (batch.Count < MostAtOnce && _waiting.TryDequeue(out var claim))
            {
                batch.Add(claim);
            }
            return _isWriting = batch.Count > 0;
        }
    }

    // In one order everywhere, so that two gateways with the same uses wait for each other and do not deadlock. One statement is one transaction.
    private async Task<HashSet<Row>> WriteAsync(List<Claim> batch)
    {
        var rows = batch.DistinctBy(claim => claim.Row).OrderBy(claim => claim.Row.Key, StringComparer.Ordinal).ThenBy(claim => claim.Row.Purpose, StringComparer.Ordinal).ToArray();
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(
            "insert into identity.replays (key, purpose, expires_at) select * from unnest($1, $2, $3) on conflict do nothing returning key, purpose", connection);
        command.Parameters.Add(new NpgsqlParameter<byte[][]> { TypedValue = [.. rows.Select(claim => claim.Use.Key.ToArray())] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(claim => claim.Row.Purpose)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = [.. rows.Select(claim => claim.Use.Expires.UtcDateTime)] });
        // Done once for each of the pool's connections.
        await command.PrepareAsync();
        var firsts = new HashSet<Row>(rows.Length);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            firsts.Add(new Row(Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)), reader.GetString(1)));
        }
        return firsts;
    }

    private readonly record struct Row(string Key, string Purpose);

    // Continuations run elsewhere: the writer has the next batch to write.
    private sealed class Claim(OneTimeUse use) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public OneTimeUse Use => use;

        public Row Row { get; } = new(Convert.ToHexStringLower(use.Key.Bytes), use.Purpose);
    }
}
