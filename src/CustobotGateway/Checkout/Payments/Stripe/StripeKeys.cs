namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>What Stripe knows the merchant by. From the environment alone; stands in no settings file, log or answer.</summary>
internal sealed class StripeKeys(string? secretKey, string? webhookSecret)
{
    /// <summary>From the environment: <c>STRIPE_SECRET_KEY</c> (<c>sk_test_…</c>, <c>sk_live_…</c> or <c>rk_…</c>) and <c>STRIPE_WEBHOOK_SECRET</c> (<c>whsec_…</c>).</summary>
    public static StripeKeys Read(IConfiguration configuration) => new(configuration["STRIPE_SECRET_KEY"], configuration["STRIPE_WEBHOOK_SECRET"]);

    /// <summary>The key of the API; null where Stripe is not set up.</summary>
    public string? SecretKey { get; } = string.IsNullOrWhiteSpace(secretKey) ? null : secretKey.Trim();

    /// <summary>What webhooks are signed with; null where none are taken.</summary>
    public string? WebhookSecret { get; } = string.IsNullOrWhiteSpace(webhookSecret) ? null : webhookSecret.Trim();

    /// <summary>Whether no money moves with the key.</summary>
    public bool IsTest => SecretKey?.Contains("_test_", StringComparison.Ordinal) == true;
}
