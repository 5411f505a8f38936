using CustobotGateway.Catalog.Values;
using Dapper;
using Npgsql;

namespace CustobotGateway.Catalog.Import;

/// <summary>
/// Writes rows to the staging table by binary COPY, a transaction for every few megabytes: a long one would keep the followers of the
/// catalogue rereading everything that was written since it began.
/// </summary>
internal sealed class Staging(NpgsqlDataSource database, string import) : IAsyncDisposable
{
    private const long BatchBytes = 16L << 20;

    private NpgsqlConnection? _connection;
    private NpgsqlTransaction? _transaction;
    private NpgsqlRawCopyStream? _copy;
    private long _bytes;

    /// <summary>Empties the table.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition("truncate catalog.import_rows", commandTimeout: 0, cancellationToken: cancellationToken));
    }

    /// <summary>Writes rows that <see cref="StagedRows"/> made.</summary>
    public async ValueTask WriteAsync(Utf8Buffer rows, CancellationToken cancellationToken)
    {
        if (rows.Length == 0)
        {
            return;
        }
        if (_copy is null)
        {
            await BeginAsync(cancellationToken);
        }
        await _copy!.WriteAsync(rows.WrittenMemory, cancellationToken);
        _bytes += rows.Length;
        if (_bytes >= BatchBytes)
        {
            await CompleteAsync(cancellationToken);
        }
    }

    /// <summary>Commits what was written.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_copy is null)
        {
            return;
        }
        await _copy.WriteAsync(StagedRows.Trailer.ToArray(), cancellationToken);
        await _copy.DisposeAsync();
        _copy = null;
        await _transaction!.CommitAsync(cancellationToken);
        await _transaction.DisposeAsync();
        _transaction = null;
        _bytes = 0;
    }

    /// <summary>Gives up what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_copy is not null)
        {
            try
            {
                await _copy.CancelAsync();
                await _copy.DisposeAsync();
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
            {
                // The connection is gone, and the rows with it.
            }
        }
        if (_transaction is not null)
        {
            await _transaction.DisposeAsync();
        }
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        _connection ??= await database.OpenConnectionAsync(cancellationToken);
        _transaction = await _connection.BeginTransactionAsync(cancellationToken);
        // The lock holds off whoever declares this import abandoned until the rows are in, and they are then seen to be too late.
        var alive = await _connection.QuerySingleOrDefaultAsync<int?>(new CommandDefinition(
            "select 1 from catalog.imports where id = @import and status = 'running' for share", new { import }, _transaction, cancellationToken: cancellationToken));
        if (alive is null)
        {
            throw new FeedException("abandoned", "The import was given up by another gateway.");
        }
        _copy = await _connection.BeginRawBinaryCopyAsync(StagedRows.Copy, cancellationToken);
        await _copy.WriteAsync(StagedRows.Header.ToArray(), cancellationToken);
    }
}
