using System.Text.Json;

namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>Reads Stripe's payment intents and errors.</summary>
internal static class StripeIntent
{
    /// <summary>Stripe's codes that go by another name here; the others stay.</summary>
    private static readonly Dictionary<string, string> Codes = new(StringComparer.Ordinal)
    {
        ["generic_decline"] = "card_declined",
        ["do_not_honor"] = "card_declined",
        ["transaction_not_allowed"] = "card_declined",
        ["resource_missing"] = "unknown_token",
        ["payment_method_unactivated"] = "unknown_token",
        ["card_velocity_exceeded"] = "card_limit_exceeded",
        ["withdrawal_count_limit_exceeded"] = "card_limit_exceeded",
        ["payment_intent_authentication_failure"] = "authentication_failed",
        ["merchant_blacklist"] = "fraudulent",
        ["pickup_card"] = "stolen_card",
        ["invalid_cvc"] = "incorrect_cvc",
    };

    private const int LongestCode = 64;

    /// <summary>Where the payment stands.</summary>
    public static ProviderAnswer AnswerOf(JsonElement intent)
    {
        var (id, currency) = (intent.Text("id"), intent.Text("currency")?.ToUpperInvariant() ?? "");
        return intent.Text("status") switch
        {
            "requires_capture" => new(PaymentOutcome.Authorised, id),
            "succeeded" => Captured(intent, id, currency),
            "canceled" => new(PaymentOutcome.Voided, id),
            "requires_action" => new(PaymentOutcome.ActionRequired, id, ActionUrl: ActionOf(intent)),
            // The bank has not decided: nobody can do anything about it.
            "processing" => new(PaymentOutcome.ActionRequired, id),
            "requires_payment_method" => ProviderAnswer.Declined(CodeOf(intent.Child("last_payment_error")), id),
            _ => ProviderAnswer.Unknown with { Reference = id },
        };
    }

    /// <summary>Why it was refused, in one of the words that all providers share where there is one.</summary>
    public static string CodeOf(JsonElement? error)
    {
        var code = error?.Text("decline_code") ?? error?.Text("code") ?? "card_declined";
        return Codes.GetValueOrDefault(code) ?? (code.Length <= LongestCode && code.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_') ? code : "card_declined");
    }

    private static ProviderAnswer Captured(JsonElement intent, string? id, string currency)
    {
        var captured = StripeAmounts.Read(intent.Number("amount_received"), currency);
        var refunded = StripeAmounts.Read(intent.Child("latest_charge")?.Number("amount_refunded") ?? 0, currency);
        return new(refunded > 0 ? PaymentOutcome.Refunded : PaymentOutcome.Captured, id, Captured: captured, Refunded: refunded);
    }

    private static Uri? ActionOf(JsonElement intent) =>
        Uri.TryCreate(intent.Child("next_action")?.Child("redirect_to_url")?.Text("url"), UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? url : null;
}
