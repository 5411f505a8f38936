using System.Collections.Concurrent;
using System.Security.Cryptography;
using CustobotGateway.OAuth.Dpop;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace CustobotGateway.Identity.Keys;

/// <summary>Secrets that the gateways of one database share without anyone having to configure them: made by the first, sealed by data protection, read by all.</summary>
public sealed class SharedSecrets(NpgsqlDataSource database, IDataProtectionProvider protection, TimeProvider clock) : IHeldInMemory
{
    private const string NonceKey = "dpop-nonces";
    private const int Bytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("CustobotGateway.Identity.SharedSecrets");
    private readonly ConcurrentDictionary<string, DpopNonces> _nonces = new(StringComparer.Ordinal);
    private volatile byte[]? _nonceKey;

    /// <inheritdoc/>
    string IHeldInMemory.Name => SharedVersions.SigningKeys;

    /// <summary>Whether they were read; false until the database was reached.</summary>
    public bool IsReady => _nonceKey is not null;

    /// <summary>The nonces of one purpose: the authorization server's are not a resource's (RFC 9449 §9).</summary>
    public DpopNonces Nonces(string purpose) =>
        _nonces.GetOrAdd(purpose, static (name, key) => new DpopNonces([key], name), _nonceKey ?? throw new InvalidOperationException("The shared secrets were not read yet."));

    /// <summary>Reads them, or makes them.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (_nonceKey is not null)
        {
            return;
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // Several gateways may begin at once: the first to store is the one whose secret all read.
        await connection.ExecuteAsync(new CommandDefinition(
            "insert into identity.shared_secrets (name, sealed, created_at) values (@NonceKey, @made, @now) on conflict (name) do nothing",
            new { NonceKey, made = _protector.Protect(RandomNumberGenerator.GetBytes(Bytes)), now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
        var kept = await connection.QuerySingleAsync<byte[]>(new CommandDefinition(
            "select sealed from identity.shared_secrets where name = @NonceKey", new { NonceKey }, cancellationToken: cancellationToken));
        try
        {
            _nonceKey = _protector.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            // Nonces live for five minutes: a new secret costs each client one more round trip, which is better than not to start.
            var made = RandomNumberGenerator.GetBytes(Bytes);
            await connection.ExecuteAsync(new CommandDefinition(
                "update identity.shared_secrets set sealed = @made where name = @NonceKey", new { NonceKey, made = _protector.Protect(made) }, cancellationToken: cancellationToken));
            _nonceKey = made;
        }
    }
}
