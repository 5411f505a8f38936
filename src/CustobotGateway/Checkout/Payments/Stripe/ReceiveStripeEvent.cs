using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>Stripe tells that something happened to a payment. Nothing of what it tells is believed but that: the payment is looked up at Stripe.</summary>
public static class ReceiveStripeEvent
{
    private const int MostBytes = 256 * 1024;

    /// <param name="Received">True.</param>
    public sealed record Response(bool Received);

    // Only lets the gateway look up a payment earlier than it would: nothing that a key or a rehearsal would have to guard.
    internal static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/v1/payments/webhooks/stripe", HandleAsync).WithName("receiveStripeEvent").OnlyReads().WithTags("Payments").AllowPublic().LimitBody(MostBytes)
        .WithSummary("Take an event from Stripe")
        .WithDescription("For Stripe alone, which signs its events (Stripe-Signature). An event wakes the settlement of the payment that it is about, and decides nothing. Events of any type are answered 200.")
        .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(503);

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        HttpRequest request, IServiceProvider services, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<StripeKeys>().WebhookSecret is not { } secret)
        {
            return CommonProblems.NotFound.With("Stripe's webhooks are not set up here.").ToHttp();
        }
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellationToken);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!TimestampedSignature.Holds(request.Headers["Stripe-Signature"], bytes.Span, secret, clock.GetUtcNow()))
        {
            return PaymentProblems.WebhookSignature.With("The event was not taken: its Stripe-Signature is missing, too old, or made with another secret.").ToHttp();
        }
        var (paymentId, reference) = Subject(bytes);
        if (paymentId is not null || reference is not null)
        {
            await WakePayment.RunAsync(database, StripeProvider.Name, paymentId, reference, cancellationToken);
        }
        return TypedResults.Ok(new Response(true));
    }

    // An intent has the payment's id; a charge, a refund or a dispute names its intent.
    private static (string? PaymentId, string? Reference) Subject(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.Child("data")?.Child("object") is not { } subject)
            {
                return default;
            }
            return (Storable(subject.Child("metadata")?.Text("payment_id")), Storable(subject.Text("object") == "payment_intent" ? subject.Text("id") : subject.Text("payment_intent")));
        }
        catch (JsonException)
        {
            // Signed, and no event that we know.
            return default;
        }
    }

    private static string? Storable(string? text) => text is { Length: > 0 and <= 255 } && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}
