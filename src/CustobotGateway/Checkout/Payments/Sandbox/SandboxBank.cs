using System.Security.Cryptography;
using System.Text;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>Where the sandbox keeps its payments and tokens.</summary>
internal interface ISandboxStore
{
    /// <summary>A payment; null if there is none.</summary>
    ValueTask<SandboxPayment?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Changes a payment so that nobody else changes it meanwhile, and gives it as it is then. <paramref name="change"/> may run several times; the same payment, or null, changes nothing.</summary>
    /// <param name="id">Which.</param>
    /// <param name="act">What is done, for the record.</param>
    /// <param name="isNew">Whether it is likely not to exist.</param>
    /// <param name="change">From what is there to what shall be.</param>
    /// <param name="cancellationToken">Ends the waiting; it may have been done.</param>
    ValueTask<SandboxPayment?> ChangeAsync(string id, SandboxAct act, bool isNew, Func<SandboxPayment?, SandboxPayment?> change, CancellationToken cancellationToken);

    /// <summary>Keeps a token for a card, by its hash.</summary>
    ValueTask KeepTokenAsync(byte[] hash, SandboxCard card, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Uses a token for a payment, once; null if there is none, or it was used for another.</summary>
    ValueTask<SandboxMeans?> UseTokenAsync(byte[] hash, string paymentId, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>What was done to a payment.</summary>
internal enum SandboxAct
{
    /// <summary>It was asked for.</summary>
    Authorise,

    /// <summary>It was charged.</summary>
    Charge,

    /// <summary>It was given up.</summary>
    Void,

    /// <summary>A part or the whole was given back.</summary>
    Refund,

    /// <summary>The person decided.</summary>
    Decide,
}

/// <summary>What is kept of a test card.</summary>
internal sealed record SandboxCard(string Brand, string LastFour, SandboxMeans Means);

/// <summary>What the sandbox does, whether it runs in the gateway or as a process of its own.</summary>
/// <param name="store">Where it keeps what it did.</param>
/// <param name="clock">Its time.</param>
/// <param name="later">After how long a payment by <c>tok_webhook_later</c> is authorised.</param>
/// <param name="page">Where the person decides about a payment.</param>
internal sealed class SandboxBank(ISandboxStore store, TimeProvider clock, TimeSpan later, Func<string, Uri> page)
{
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(15);

    public async ValueTask<ProviderAnswer> AuthoriseAsync(SandboxOrder order, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var means = SandboxMeans.Tokens.GetValueOrDefault(order.Token)
            ?? await store.UseTokenAsync(HashOf(order.Token), order.PaymentId, now, cancellationToken)
            ?? SandboxMeans.Unknown;
        var payment = await store.ChangeAsync(order.PaymentId, SandboxAct.Authorise, isNew: true, known => known ?? SandboxPayment.Of(order, means, now, later), cancellationToken);
        var answer = payment!.At(now).Answer(page);
        return answer.Outcome == PaymentOutcome.Voided ? ProviderAnswer.Declined("payment_voided", answer.Reference) : answer;
    }

    public async ValueTask<ProviderAnswer> CaptureAsync(string id, long amount, CancellationToken cancellationToken)
    {
        string? refusal = null;
        var payment = await store.ChangeAsync(id, SandboxAct.Charge, isNew: false, known =>
        {
            (var next, refusal) = known is null ? (null, null) : known.At(clock.GetUtcNow()).Capture(amount);
            return next;
        }, cancellationToken);
        return AnswerOf(payment, refusal);
    }

    public async ValueTask<ProviderAnswer> VoidAsync(string id, CancellationToken cancellationToken) =>
        AnswerOf(await store.ChangeAsync(id, SandboxAct.Void, isNew: false, known => known?.Void() ?? SandboxPayment.NeverWanted(id), cancellationToken), null);

    public async ValueTask<ProviderAnswer> RefundAsync(string id, string refundId, long amount, CancellationToken cancellationToken)
    {
        string? refusal = null;
        var payment = await store.ChangeAsync(id, SandboxAct.Refund, isNew: false, known =>
        {
            (var next, refusal) = known is null ? (null, null) : known.Refund(refundId, amount);
            return next;
        }, cancellationToken);
        return AnswerOf(payment, refusal);
    }

    public async ValueTask<ProviderAnswer> FindAsync(string id, CancellationToken cancellationToken) => AnswerOf(await store.FindAsync(id, cancellationToken), null);

    /// <summary>The payment itself, for the page on which the person decides.</summary>
    public async ValueTask<SandboxPayment?> ReadAsync(string id, CancellationToken cancellationToken) => (await store.FindAsync(id, cancellationToken))?.At(clock.GetUtcNow());

    /// <summary>The person agrees or refuses; null if there is no such payment.</summary>
    public ValueTask<SandboxPayment?> DecideAsync(string id, bool agrees, CancellationToken cancellationToken) =>
        store.ChangeAsync(id, SandboxAct.Decide, isNew: false, known => known?.Decide(agrees), cancellationToken);

    /// <summary>A token for a test card, good for one payment.</summary>
    public async ValueTask<string> TokeniseAsync(SandboxCard card, CancellationToken cancellationToken)
    {
        var token = "tok_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        await store.KeepTokenAsync(HashOf(token), card, clock.GetUtcNow() + TokenLife, cancellationToken);
        return token;
    }

    private ProviderAnswer AnswerOf(SandboxPayment? payment, string? refusal) =>
        payment is null ? new ProviderAnswer(PaymentOutcome.NotFound)
        : refusal is not null ? ProviderAnswer.Declined(refusal, payment.Reference) with { Captured = payment.Captured, Refunded = payment.Refunded }
        : payment.At(clock.GetUtcNow()).Answer(page);

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
