using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.Identity.TestMode;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace CustobotGateway.Checkout.Payments;

/// <summary>Uses payment tokens, each for one payment, and gives them back where nothing was charged.</summary>
public sealed class PaymentTokens(NpgsqlDataSource database, IDataProtectionProvider protection, DelegationOptions delegation, PublicUrl publicUrl, TestClocks testClocks, TimeProvider clock)
{
    /// <summary>What payment tokens begin with.</summary>
    public const string Prefix = "vt_";

    private const int SecretBytes = 32;
    private const int SweepLimit = 100;
    private const int MostRemembered = 100_000;

    // Payments by tokens that this gateway has begun: the many others cost nothing when they are charged. What another gateway began is settled by the sweep.
    private readonly ConcurrentDictionary<string, bool> _begun = new(StringComparer.Ordinal);

    private readonly IDataProtector _protector = protection.CreateProtector("CustobotGateway.Checkout.PaymentTokens");

    /// <summary>The merchant's name, as mandates know it.</summary>
    public string Merchant => delegation.Merchant.Length > 0 ? delegation.Merchant : new Uri(publicUrl.Base).Host;

    /// <summary>A new secret token.</summary>
    internal static string NewToken() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What is kept of a token.</summary>
    internal static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>The provider's token, sealed.</summary>
    internal byte[] Seal(string providerToken) => _protector.Protect(Encoding.UTF8.GetBytes(providerToken));

    /// <summary>
    /// Takes the token for the payment: the provider's token, or why it may not pay. One statement compares everything and takes it, so of two payments at once one
    /// gets it. The same payment may take it again; whether a token is expired is asked the first time alone. Null with no reason: it was charged before.
    /// </summary>
    internal async Task<(string? ProviderToken, string? Refusal)> TakeAsync(PaymentOrder order, string handler, CancellationToken cancellationToken)
    {
        var hash = HashOf(order.Token);
        var now = clock.GetUtcNow() + (order.IsTest ? await testClocks.AheadAsync(order.ClientId, cancellationToken) : TimeSpan.Zero);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var taken = await connection.QuerySingleOrDefaultAsync<(string? Id, byte[]? Sealed)>(new CommandDefinition("""
            update checkout.payment_tokens set used_by = @PaymentId, used_at = coalesce(used_at, @now)
            where hash = @hash and handler = @handler and is_test = @IsTest and checkout_session_id = @CheckoutSessionId and merchant_id = @Merchant
              and currency = @Currency and max_amount >= @Amount
              and (used_by = @PaymentId or (used_by is null and revoked_at is null and expires_at > @now))
            returning id, sealed
            """,
            new { order.PaymentId, order.CheckoutSessionId, order.IsTest, order.Amount.Amount, order.Amount.Currency, Merchant, handler, hash, now }, cancellationToken: cancellationToken));
        if (taken.Id is not null)
        {
            if (_begun.Count >= MostRemembered)
            {
                _begun.Clear();
            }
            _begun[order.PaymentId] = true;
            return (taken.Sealed is null ? null : Unseal(taken.Sealed), null);
        }
        var row = await connection.QuerySingleOrDefaultAsync<PaymentTokenRow?>(new CommandDefinition(
            $"select {PaymentTokenRow.Columns} from checkout.payment_tokens where hash = @hash", new { hash }, cancellationToken: cancellationToken));
        // Between the two statements it may have been given back.
        return (null, row?.RefusalOf(order, handler, Merchant, now) ?? (row is null ? "payment_token_unknown" : "payment_token_used"));
    }

    /// <summary>Whether this gateway has begun the payment with a token; true once.</summary>
    internal bool HasBegun(string paymentId) => _begun.TryRemove(paymentId, out _);

    /// <summary>Gives the payment's token back, if it has one and was not charged.</summary>
    internal Task GiveBackAsync(string paymentId, CancellationToken cancellationToken) => ExecuteAsync(
        "update checkout.payment_tokens set used_by = null, used_at = null where used_by = @paymentId and charged_at is null", paymentId, cancellationToken);

    /// <summary>The payment was charged: its token is used up, and nothing of the provider's is kept.</summary>
    internal Task UseUpAsync(string paymentId, CancellationToken cancellationToken) => ExecuteAsync(
        "update checkout.payment_tokens set charged_at = @now, sealed = null where used_by = @paymentId and charged_at is null", paymentId, cancellationToken);

    /// <summary>Settles tokens whose payment ended while nobody could write it down, and deletes what is kept of those that can pay no more; how many.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // One that is expired and taken may still be asked about by its payment: it is forgotten a day later.
        return await connection.ExecuteAsync(new CommandDefinition($"""
            update checkout.payment_tokens t set charged_at = @now, sealed = null from checkout.payments p
            where t.sealed is not null and t.charged_at is null and p.id = t.used_by and p.state = 'captured';
            update checkout.payment_tokens t set used_by = null, used_at = null from checkout.payments p
            where t.sealed is not null and t.charged_at is null and p.id = t.used_by and p.state in ('voided', 'declined');
            update checkout.payment_tokens set sealed = null where id in (
                select id from checkout.payment_tokens where sealed is not null and expires_at < @now and (used_by is null or expires_at < @yesterday) limit {SweepLimit} for update skip locked)
            """, new { now = clock.GetUtcNow(), yesterday = clock.GetUtcNow().AddDays(-1) }, cancellationToken: cancellationToken));
    }

    private async Task ExecuteAsync(string sql, string paymentId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { paymentId, now = clock.GetUtcNow() }, cancellationToken: cancellationToken));
    }

    private string Unseal(byte[] kept)
    {
        try
        {
            return Encoding.UTF8.GetString(_protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            // Its key is gone: like a token that nobody knows.
            return "";
        }
    }
}
