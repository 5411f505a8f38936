using System.Text.Json;
using Dapper;
using Npgsql;

namespace CustobotGateway.Common.Idempotency;

/// <summary>
/// Runs a write in one transaction together with its idempotency record: the first answer to a key, refusals included, is what every
/// repetition gets. A request that failed inside (an exception, a crash) leaves no record and may be tried again. A dry run does all of it and undoes it.
/// </summary>
public sealed class Writes(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How long answers are kept. Repetitions come within minutes; a day is what callers may count on.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(48);

    private const string BeforeWrite = "before_write";
    private const int SweepEvery = 32;
    private const int SweepLimit = 640;
    private const int MostTries = 3;

    private int _stored;

    /// <summary>Runs the write, or gives the answer that it had. Commits what was done unless it was refused.</summary>
    /// <param name="attempt">What is asked, by whom, under which key.</param>
    /// <param name="write">Does it in the transaction given; never commits. Runs anew after a deadlock.</param>
    /// <param name="keep">What of the answer is stored for repetitions; all when null. A secret that is shown once is left out here.</param>
    /// <param name="cancellationToken">Stops waiting; nothing is committed.</param>
    public async Task<Outcome<T>> RunAsync<T>(
        WriteAttempt attempt, Func<NpgsqlTransaction, Task<Outcome<T>>> write, CancellationToken cancellationToken, Func<T, T>? keep = null)
        where T : notnull
    {
        var done = await AttemptAsync(attempt, write, keep ?? (answer => answer), cancellationToken);
        return done.Answer ?? done.Step!;
    }

    /// <summary>
    /// Does what has to be committed before the write begins, such as holding what others must not take meanwhile: in a transaction of its own, unless the key has its
    /// answer already. A refusal is the answer and is kept; what the step itself comes to is not, so that the same request may be repeated after it.
    /// </summary>
    /// <param name="attempt">What is asked, by whom, under which key; <see cref="RunAsync"/> goes on with the same.</param>
    /// <param name="step">Does it in the transaction given; never commits. Runs anew after a deadlock.</param>
    /// <param name="cancellationToken">Stops waiting; nothing is committed.</param>
    public Task<Prepared<T, TStep>> PrepareAsync<T, TStep>(
        WriteAttempt attempt, Func<NpgsqlTransaction, Task<Outcome<TStep>>> step, CancellationToken cancellationToken)
        where T : notnull
        where TStep : notnull =>
        AttemptAsync<T, TStep>(attempt, step, null, cancellationToken);

    private async Task<Prepared<T, TStep>> AttemptAsync<T, TStep>(
        WriteAttempt attempt, Func<NpgsqlTransaction, Task<Outcome<TStep>>> step, Func<TStep, T>? keep, CancellationToken cancellationToken)
        where T : notnull
        where TStep : notnull
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(step);
        if (!attempt.HasValidKey)
        {
            return new((Outcome<T>)KeyInvalid, default);
        }
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryAsync(attempt, step, keep, cancellationToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected && tries < MostTries)
            {
                // The other one goes on with what this one gave up, and nothing of this one is left: it begins anew.
            }
        }
    }

    private async Task<Prepared<T, TStep>> TryAsync<T, TStep>(
        WriteAttempt attempt, Func<NpgsqlTransaction, Task<Outcome<TStep>>> step, Func<TStep, T>? keep, CancellationToken cancellationToken)
        where T : notnull
        where TStep : notnull
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (attempt.Key is not null && await FirstAnswerAsync<T>(attempt, transaction, cancellationToken) is { } first)
        {
            return new(first, default);
        }
        var outcome = await step(transaction);
        if (attempt.Agent.IsDryRun || (!outcome.Succeeded && attempt.Key is null))
        {
            await transaction.RollbackAsync(cancellationToken);
            return outcome.Succeeded ? new(null, outcome.Value) : new((Outcome<T>)outcome.Problem!, default);
        }
        if (!outcome.Succeeded)
        {
            await transaction.RollbackAsync(BeforeWrite, cancellationToken);
        }
        if (attempt.Key is not null && (keep is not null || !outcome.Succeeded))
        {
            await AnswerAsync<T>(transaction, attempt.KeptUnder, outcome.Succeeded ? keep!(outcome.Value) : outcome.Problem!,
                cancellationToken, commits: true);
        }
        else
        {
            await transaction.CommitAsync(cancellationToken);
        }
        return outcome.Succeeded ? new(null, outcome.Value) : new((Outcome<T>)outcome.Problem!, default);
    }

    /// <summary>The key was used for another request.</summary>
    internal static Problem KeyReused => IdempotencyProblems.KeyReused.With("This key was used with another body. Send the first body again, or take a new key.");

    /// <summary>The key has no key's form.</summary>
    internal static Problem KeyInvalid => IdempotencyProblems.KeyInvalid.With($"Idempotency-Key must be 1 to {WriteAttempt.MaxKeyLength} visible ASCII characters.");

    /// <summary>A write finds its rows by their keys: the plan that fits any of them is made once, and not again for each.</summary>
    internal const string OnePlanSql = "set local plan_cache_mode = force_generic_plan";

    /// <summary>Reads what a key was answered; no row where it was not.</summary>
    internal const string AnswerSql = "select request_hash, answer::text, problem::text from common.idempotency where principal = @Principal and path = @Path and key = @Key";

    // The lock lives as long as the transaction: who does not get it meets the first request at work. A refusal is stored where the rest is undone.
    private const string FirstAnswerSql = $"""
        {OnePlanSql};
        select pg_try_advisory_xact_lock(hashtextextended(@Principal || ' ' || @Path || ' ' || @Key, 0));
        {AnswerSql};
        savepoint {BeforeWrite}
        """;

    private static async Task<Outcome<T>?> FirstAnswerAsync<T>(WriteAttempt attempt, NpgsqlTransaction transaction, CancellationToken cancellationToken)
        where T : notnull
    {
        await using var answers = await transaction.Connection!.QueryMultipleAsync(
            new CommandDefinition(FirstAnswerSql, new { attempt.Principal, attempt.Path, attempt.Key }, transaction, cancellationToken: cancellationToken));
        return await answers.ReadSingleAsync<bool>()
            ? await ReadAnswerAsync<T>(answers, attempt)
            : IdempotencyProblems.InFlight.With("The first request with this key is still running: repeat it after Retry-After.", retryAfterSeconds: 1);
    }

    /// <summary>Whether the key has an answer, to whatever request; for a request that is as large as to be looked at only where it may be a repetition.</summary>
    internal async Task<bool> HasAnswerAsync(string principal, string path, string key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            "select exists (select from common.idempotency where principal = @principal and path = @path and key = @key)", new { principal, path, key }, cancellationToken: cancellationToken));
    }

    /// <summary>
    /// The answer that the key has, from the rows of <see cref="AnswerSql"/>; null where it has none. For a write that is ended by another request or by nobody: once the row
    /// is locked that both write, whoever had to wait for it looks again.
    /// </summary>
    internal static async Task<Outcome<T>?> ReadAnswerAsync<T>(SqlMapper.GridReader answers, WriteAttempt attempt)
        where T : notnull
    {
        var (requestHash, answer, problem) = await answers.ReadSingleOrDefaultAsync<(byte[]? RequestHash, string? Answer, string? Problem)>();
        return requestHash switch
        {
            null => null,
            _ when !requestHash.AsSpan().SequenceEqual(attempt.RequestHash) => KeyReused,
            _ when problem is not null => JsonSerializer.Deserialize<Problem>(problem, StoredJson.Options)!,
            _ => JsonSerializer.Deserialize<T>(answer!, StoredJson.Options)!,
        };
    }

    private const string StoreSql = """
        insert into common.idempotency (principal, path, key, request_hash, answer, problem, created_at)
        values (@Principal, @Path, @Key, @RequestHash, @answer::jsonb, @problem::jsonb, @now)
        on conflict (principal, path, key) do nothing
        """;

    private static readonly string SweepSql = $"""
        delete from common.idempotency where ctid in (
            select ctid from common.idempotency where created_at < @oldest order by created_at limit {SweepLimit} for update skip locked)
        """;

    /// <summary>Stores the answer to a key, in the caller's transaction: of this write, or of one that another request began and that ends here.</summary>
    /// <param name="transaction">The caller's.</param>
    /// <param name="key">What the answer is kept under.</param>
    /// <param name="answer">What is kept.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="commits">Whether the transaction ends with it, in the same round trip.</param>
    public async Task AnswerAsync<T>(NpgsqlTransaction transaction, WriteKey key, Outcome<T> answer, CancellationToken cancellationToken, bool commits = false)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(key);
        // Now and then storing one also drops some that are past their time, so that the table stays bounded without a job of its own.
        var now = clock.GetUtcNow();
        var sweeps = (Interlocked.Increment(ref _stored) & (SweepEvery - 1)) == 0;
        await transaction.Connection!.ExecuteAsync(new CommandDefinition((sweeps ? $"{StoreSql};\n{SweepSql}" : StoreSql) + (commits ? ";\ncommit" : ""),
            new
            {
                key.Principal,
                key.Path,
                key.Key,
                key.RequestHash,
                answer = answer.Succeeded ? JsonSerializer.Serialize(answer.Value, StoredJson.Options) : null,
                problem = answer.Succeeded ? null : JsonSerializer.Serialize(answer.Problem, StoredJson.Options),
                now,
                oldest = now - Retention,
            }, transaction, cancellationToken: cancellationToken));
    }
}

/// <summary>What preparing a write came to.</summary>
/// <param name="Answer">The answer, where there is one already: the first, or the refusal. Nothing is left to do then.</param>
/// <param name="Step">What the step came to; where <paramref name="Answer"/> is null.</param>
public sealed record Prepared<T, TStep>(Outcome<T>? Answer, TStep? Step)
    where T : notnull
    where TStep : notnull;
