using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Webhooks;

/// <summary>Where a delivery stands.</summary>
public enum DeliveryState
{
    /// <summary>It waits for its turn, or for its next attempt.</summary>
    Pending,

    /// <summary>It was answered with 2xx.</summary>
    Delivered,

    /// <summary>All attempts failed, or the endpoint was disabled. It is sent again when it is asked for.</summary>
    DeadLetter,
}

/// <summary>One try to deliver.</summary>
/// <param name="At">When it began.</param>
/// <param name="DurationMs">Milliseconds that it took.</param>
/// <param name="Status">The status of the answer; null where there was none.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
/// <param name="Answer">The first 1,024 bytes of the answer, as text; null where it was empty. A stranger's words.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, long DurationMs, int? Status, PostFault? Error, string? Answer);

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="Id"><c>msg_…</c>: the header <c>webhook-id</c> of every attempt.</param>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Type">The event's type.</param>
/// <param name="Subject">What it is about: the order, the return, the case. Deliveries of one subject arrive in order.</param>
/// <param name="State">Where it stands.</param>
/// <param name="CreatedAt">Since when it is on its way.</param>
/// <param name="NextAttemptAt">When the subject's next attempt is due; null where it is not pending.</param>
/// <param name="DeliveredAt">When it arrived; null where it did not.</param>
/// <param name="Attempts">The last 20 attempts, the oldest first.</param>
/// <param name="Payload">The body; only where one delivery is read.</param>
public sealed record WebhookDelivery(
    string Id, string EndpointId, string Type, string Subject, DeliveryState State, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, DateTimeOffset? DeliveredAt,
    IReadOnlyList<DeliveryAttempt> Attempts, JsonElement? Payload = null);

// Columns are aliased without underscores, since Dapper matches constructor parameters by name.
internal sealed record DeliveryRow(
    long Number, string EndpointId, string Stream, string Type, string Body, string State, string Log, DateTime CreatedAt, DateTime? DeliveredAt, DateTime? DueAt)
{
    public const string Prefix = "msg";

    public const string Select = """
        select d.number, d.endpoint_id as endpointid, d.stream, d.type, d.body, d.state, d.log::text as log, d.created_at as createdat, d.delivered_at as deliveredat, q.due_at as dueat
        from webhooks.deliveries d left join webhooks.queues q on q.endpoint_id = d.endpoint_id and q.stream = d.stream
        """;

    public WebhookDelivery ToDelivery(bool withPayload) => new(
        Ids.FromNumber(Prefix, Number), EndpointId, Type, Stream, StateOf(State)!.Value, new DateTimeOffset(CreatedAt), State == "pending" && DueAt is { } due ? new DateTimeOffset(due) : null,
        DeliveredAt is { } delivered ? new DateTimeOffset(delivered) : null, JsonSerializer.Deserialize<IReadOnlyList<DeliveryAttempt>>(Log, StoredJson.Options)!,
        withPayload ? JsonElement.Parse(Body) : null);

    /// <summary>The state that a caller names; null where there is none of that name.</summary>
    public static DeliveryState? StateOf(string? name) => name switch
    {
        "pending" => DeliveryState.Pending,
        "delivered" => DeliveryState.Delivered,
        "dead_letter" => DeliveryState.DeadLetter,
        _ => null,
    };
}
