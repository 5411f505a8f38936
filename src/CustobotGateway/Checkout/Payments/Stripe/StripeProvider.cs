using System.Globalization;
using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>
/// Stripe by its REST API: payment intents that are captured by hand. Each write carries an idempotency key made of the payment's id and the step, so whatever is repeated
/// is done once; each intent carries the payment's id as metadata, so what became of it can be found without the answer.
/// </summary>
internal sealed class StripeProvider(StripeClient client, StripeOptions options, StripeKeys keys, PublicUrl publicUrl) : IPaymentProvider
{
    public const string Name = "stripe";

    private const string Intents = "v1/payment_intents";
    private const string WithCharge = "expand[]=latest_charge";
    private const int MostPages = 20;
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(5);

    public string Handler => Name;

    // A live key takes no payment of test credentials, since money would move.
    public PaymentHandler? Describe(bool isTest) => keys.SecretKey is null || (isTest && !keys.IsTest) ? null
        : new(Name, "Cards and shared payment tokens through Stripe", keys.IsTest,
            [new("pm_…", "A payment method of Stripe."), new("spt_…", "A shared payment token that was granted to this merchant's Stripe account."), DelegatedPayments.Form],
            keys.IsTest ? ["pm_card_visa", "pm_card_mastercard", "pm_card_visa_chargeDeclined", "pm_card_chargeDeclinedInsufficientFunds", "pm_card_authenticationRequired"] : []);

    public async ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken)
    {
        if (Describe(order.IsTest) is null)
        {
            return ProviderAnswer.Declined("handler_is_off");
        }
        if (!StripeAmounts.TryWrite(order.Amount, out var amount))
        {
            return ProviderAnswer.Declined("amount_not_chargeable");
        }
        var isShared = order.Token.StartsWith("spt_", StringComparison.Ordinal);
        if (!isShared && !order.Token.StartsWith("pm_", StringComparison.Ordinal))
        {
            return ProviderAnswer.Declined("unknown_token");
        }
        List<KeyValuePair<string, string>> form =
        [
            new("amount", Text(amount)), new("currency", order.Amount.Currency.ToLowerInvariant()), new("capture_method", "manual"), new("confirm", "true"),
            isShared ? new("payment_method_data[shared_payment_granted_token]", order.Token) : new("payment_method", order.Token),
            new("metadata[payment_id]", order.PaymentId), new("metadata[checkout_session_id]", order.CheckoutSessionId), new("payment_method_types[]", "card"),
            options.OffSession ? new("off_session", "true") : new("return_url", publicUrl.Base + "/grants"),
        ];
        var reply = await client.PostAsync(Intents, form, KeyOf(order.PaymentId, "authorise"), cancellationToken, isShared ? StripeClient.PreviewVersion : StripeClient.Version);
        var answer = AnswerOf(reply, isFirst: true);
        return answer.Outcome == PaymentOutcome.Voided ? ProviderAnswer.Declined("payment_voided", answer.Reference) : answer;
    }

    public async ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken)
    {
        if (!StripeAmounts.TryWrite(amount, out var written))
        {
            return ProviderAnswer.Declined("amount_not_chargeable", payment.Reference);
        }
        var found = payment.Reference is null ? await FindAsync(payment, cancellationToken) : new(PaymentOutcome.Authorised, payment.Reference);
        return found.Outcome != PaymentOutcome.Authorised ? found
            : AnswerOf(await client.PostAsync($"{Intents}/{Path(found)}/capture", [new("amount_to_capture", Text(written)), new("expand[]", "latest_charge")],
                KeyOf(payment.PaymentId, "capture"), cancellationToken));
    }

    public async ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        var found = payment.Reference is null ? await FindAsync(payment, cancellationToken) : new(PaymentOutcome.Authorised, payment.Reference);
        return found.Outcome == PaymentOutcome.NotFound ? await ForestallAsync(payment, cancellationToken)
            : found.Outcome is not (PaymentOutcome.Authorised or PaymentOutcome.ActionRequired) ? found
            : AnswerOf(await client.PostAsync($"{Intents}/{Path(found)}/cancel", [new("expand[]", "latest_charge")], KeyOf(payment.PaymentId, "void"), cancellationToken));
    }

    public async ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken)
    {
        if (!StripeAmounts.TryWrite(amount, out var written))
        {
            return ProviderAnswer.Declined("amount_not_chargeable", payment.Reference);
        }
        var found = await FindAsync(payment, cancellationToken);
        if (found.Outcome is not (PaymentOutcome.Captured or PaymentOutcome.Refunded))
        {
            return found.Outcome is PaymentOutcome.Unknown or PaymentOutcome.NotFound ? found : ProviderAnswer.Declined("not_captured", found.Reference);
        }
        // Stripe forgets idempotency keys after a day; the refund's own metadata stay.
        var made = await client.GetAsync($"v1/refunds?payment_intent={Path(found)}&limit=100", cancellationToken);
        if (made is not { Succeeded: true })
        {
            return ProviderAnswer.Unknown;
        }
        var refund = made.Body.Items("data").Cast<JsonElement?>().FirstOrDefault(one => one!.Value.Child("metadata")?.Text("refund_id") == refundId);
        if (refund is null)
        {
            var reply = await client.PostAsync("v1/refunds", [new("payment_intent", found.Reference!), new("amount", Text(written)), new("metadata[refund_id]", refundId)],
                KeyOf(payment.PaymentId, "refund-" + refundId), cancellationToken);
            if (reply is not { Succeeded: true })
            {
                return reply is null || reply.Status is 401 or 403 ? ProviderAnswer.Unknown with { Reference = found.Reference }
                    : found with { Outcome = PaymentOutcome.Declined, DeclineCode = StripeIntent.CodeOf(reply.Body.Child("error")) };
            }
            refund = reply.Body;
        }
        return refund.Value.Text("status") is "failed" or "canceled"
            ? found with { Outcome = PaymentOutcome.Declined, DeclineCode = refund.Value.Text("failure_reason") ?? "refund_failed" }
            : await FindAsync(payment with { Reference = found.Reference }, cancellationToken) is { Outcome: PaymentOutcome.Refunded } now ? now
            : found with { Outcome = PaymentOutcome.Refunded, Refunded = found.Refunded + amount.Amount };
    }

    public async ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken) => payment.Reference is { } reference
        ? AnswerOf(await client.GetAsync($"{Intents}/{Uri.EscapeDataString(reference)}?{WithCharge}", cancellationToken))
        : await FindByMetadataAsync(payment.PaymentId, cancellationToken);

    // Search is quick and up to a minute behind; the list is complete at once, and is read from just before the payment was made.
    private async Task<ProviderAnswer> FindByMetadataAsync(string paymentId, CancellationToken cancellationToken)
    {
        var query = Uri.EscapeDataString($"metadata['payment_id']:'{paymentId}'");
        var searched = await client.GetAsync($"{Intents}/search?query={query}&expand[]=data.latest_charge", cancellationToken);
        if (searched is { Succeeded: true } && searched.Body.Items("data").Cast<JsonElement?>().FirstOrDefault() is { } hit)
        {
            return StripeIntent.AnswerOf(hit);
        }
        var since = (Ids.TryGetTime(paymentId, out var made) ? made : DateTimeOffset.UnixEpoch) - ClockDifference;
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var listed = await client.GetAsync(
                $"{Intents}?created[gte]={Text(Math.Max(0, since.ToUnixTimeSeconds()))}&limit=100&expand[]=data.latest_charge{(after is null ? "" : "&starting_after=" + Uri.EscapeDataString(after))}", cancellationToken);
            if (listed is not { Succeeded: true })
            {
                return ProviderAnswer.Unknown;
            }
            foreach (var intent in listed.Body.Items("data"))
            {
                after = intent.Text("id");
                if (intent.Child("metadata")?.Text("payment_id") == paymentId)
                {
                    return StripeIntent.AnswerOf(intent);
                }
            }
            if (!listed.Body.TryGetProperty("has_more", out var more) || more.ValueKind != JsonValueKind.True || after is null)
            {
                return new(PaymentOutcome.NotFound);
            }
        }
        // So many since then that nobody can tell.
        return ProviderAnswer.Unknown;
    }

    // Takes the idempotency key of a request that never arrived for one that pays nothing. Should the first still come, Stripe refuses it as another request under
    // the same key; had it come before, this one is refused, and the payment is looked for again.
    private async Task<ProviderAnswer> ForestallAsync(PaymentReference payment, CancellationToken cancellationToken)
    {
        var reply = await client.PostAsync(Intents, [new("amount", "100"), new("currency", "usd"), new("capture_method", "manual"), new("payment_method_types[]", "card"), new("metadata[given_up]", payment.PaymentId)],
            KeyOf(payment.PaymentId, "authorise"), cancellationToken);
        if (reply is not { Succeeded: true } || reply.Body.Text("id") is not { } empty)
        {
            return ProviderAnswer.Unknown;
        }
        return await client.PostAsync($"{Intents}/{Uri.EscapeDataString(empty)}/cancel", [], KeyOf(payment.PaymentId, "void"), cancellationToken) is null
            ? ProviderAnswer.Unknown
            : new(PaymentOutcome.Voided, empty);
    }

    private static ProviderAnswer AnswerOf(StripeReply? reply, bool isFirst = false)
    {
        if (reply is null)
        {
            return ProviderAnswer.Unknown;
        }
        if (reply.Succeeded)
        {
            return StripeIntent.AnswerOf(reply.Body);
        }
        var error = reply.Body.Child("error");
        return error?.Child("payment_intent") is { } intent && intent.Text("status") is not null
            ? Refused(StripeIntent.AnswerOf(intent), error)
            : reply.Status == 404 && !isFirst ? new(PaymentOutcome.NotFound)
            // Another request under the same key: whatever that one was, it may have been done.
            : error?.Text("type") == "idempotency_error" ? ProviderAnswer.Unknown
            // The key of the API is wrong: nothing was done, and nothing is known of what was done before.
            : reply.Status is 401 or 403 ? (isFirst ? ProviderAnswer.Declined("provider_refused") : ProviderAnswer.Unknown)
            : reply.Status is 400 or 402 or 404 ? ProviderAnswer.Declined(StripeIntent.CodeOf(error))
            : ProviderAnswer.Unknown;
    }

    // The error says it better than the intent that it left behind.
    private static ProviderAnswer Refused(ProviderAnswer answer, JsonElement? error) =>
        answer.Outcome is PaymentOutcome.Declined ? answer with { DeclineCode = StripeIntent.CodeOf(error) } : answer;

    private static string KeyOf(string paymentId, string step) => $"{paymentId}-{step}";

    private static string Path(ProviderAnswer found) => Uri.EscapeDataString(found.Reference!);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
