using System.Security.Cryptography;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>Where a provider's keys come from.</summary>
public enum PaymentKeySource
{
    /// <summary>There are none.</summary>
    None,

    /// <summary>The environment, or a file that it names. They stand whatever the API sets.</summary>
    Environment,

    /// <summary>The API; kept sealed.</summary>
    Api,
}

/// <summary>
/// What Stripe knows the merchant by: from the environment, else as the administrator set it by the API, where it lies sealed by data protection. Stands in no settings file, log
/// or answer. Every gateway on the database follows a change within a second.
/// </summary>
internal sealed class StripeKeys : IHeldInMemory
{
    public const string Name = "stripe";

    private readonly NpgsqlDataSource _database;
    private readonly IDataProtector _protector;
    private readonly Keys _environment;
    private volatile Keys _kept = new(null, null);

    public StripeKeys(IConfiguration configuration, NpgsqlDataSource database, IDataProtectionProvider protection)
        : this(Read(configuration, "STRIPE_SECRET_KEY"), Read(configuration, "STRIPE_WEBHOOK_SECRET"), database, protection)
    {
    }

    internal StripeKeys(string? secretKey, string? webhookSecret, NpgsqlDataSource database, IDataProtectionProvider protection)
    {
        (_environment, _database) = (new Keys(secretKey, webhookSecret), database);
        _protector = protection.CreateProtector("CustobotGateway.Checkout.PaymentKeys");
    }

    string IHeldInMemory.Name => SharedVersions.PaymentKeys;

    /// <summary>The key of the API; null where Stripe is not set up.</summary>
    public string? SecretKey => (_environment.SecretKey is null ? _kept : _environment).SecretKey;

    /// <summary>What webhooks are signed with; null where none are taken.</summary>
    public string? WebhookSecret => (_environment.SecretKey is null ? _kept : _environment).WebhookSecret;

    /// <summary>Whether no money moves with the key.</summary>
    public bool IsTest => SecretKey?.Contains("_test_", StringComparison.Ordinal) == true;

    /// <summary>Where they come from.</summary>
    public PaymentKeySource Source => _environment.SecretKey is not null ? PaymentKeySource.Environment : _kept.SecretKey is not null ? PaymentKeySource.Api : PaymentKeySource.None;

    /// <summary>Keeps the keys in the caller's transaction; null for both forgets them.</summary>
    public async Task KeepAsync(NpgsqlTransaction transaction, string? secretKey, string? webhookSecret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var keys = JsonSerializer.SerializeToUtf8Bytes(new Keys(secretKey, webhookSecret), StoredJson.Options);
        await transaction.Connection!.ExecuteAsync(new CommandDefinition("""
            insert into checkout.payment_keys (handler, sealed, updated_at) values (@Name, @kept, @now)
            on conflict (handler) do update set sealed = excluded.sealed, updated_at = excluded.updated_at
            """, new { Name, kept = _protector.Protect(keys), now }, transaction, cancellationToken: cancellationToken));
        await SharedVersions.CountAsync(transaction, SharedVersions.PaymentKeys, cancellationToken);
    }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var kept = await connection.QuerySingleOrDefaultAsync<byte[]?>(new CommandDefinition(
            "select sealed from checkout.payment_keys where handler = @Name", new { Name }, cancellationToken: cancellationToken));
        try
        {
            _kept = kept is null ? new Keys(null, null) : JsonSerializer.Deserialize<Keys>(_protector.Unprotect(kept), StoredJson.Options)!;
        }
        catch (CryptographicException)
        {
            // What sealed them is gone: as if none had been set, until the administrator sets them again.
            _kept = new Keys(null, null);
        }
    }

    // NAME, or the content of the file that NAME_FILE names, as container platforms hand secrets over.
    private static string? Read(IConfiguration configuration, string name)
    {
        var value = configuration[name] is { Length: > 0 } direct ? direct : configuration[name + "_FILE"] is { Length: > 0 } file ? File.ReadAllText(file) : null;
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    private sealed record Keys(string? SecretKey, string? WebhookSecret)
    {
        public override string ToString() => "keys";
    }
}
