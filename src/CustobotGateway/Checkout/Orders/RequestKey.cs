using System.Security.Cryptography;
using System.Text;
using CustobotGateway.Common.Idempotency;
using Dapper;
using Npgsql;

namespace CustobotGateway.Checkout.Orders;

/// <summary>
/// Names a request that takes several transactions by its idempotency key: what its first transaction wrote carries the name, so that a request that was cut off after it
/// and is repeated goes on instead of doing it again.
/// </summary>
internal static class RequestKey
{
    /// <summary>What the same request wrote into one of the tables of acts before it was cut off; null if nothing.</summary>
    public static async Task<string?> FindAsync(NpgsqlTransaction transaction, string table, string orderId, WriteAttempt attempt, CancellationToken cancellationToken) =>
        Of(attempt) is { } key
            ? await transaction.Connection!.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
                $"select id from checkout.{table} where order_id = @orderId and request_key = @key", new { orderId, key }, transaction, cancellationToken: cancellationToken))
            : null;

    /// <summary>A digest of who asks what under which key; null without a key.</summary>
    public static string? Of(WriteAttempt attempt) =>
        attempt.Key is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt.Principal}\n{attempt.Path}\n{attempt.Key}")));
}
