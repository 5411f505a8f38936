using CustobotGateway.Common;

namespace CustobotGateway.Checkout;

/// <summary>How much a message matters.</summary>
public enum MessageType
{
    /// <summary>The session cannot be completed until it is dealt with.</summary>
    Error,

    /// <summary>To be shown to the buyer; the session can be completed.</summary>
    Warning,

    /// <summary>Good to know.</summary>
    Info,
}

/// <summary>Who can deal with an error.</summary>
public enum MessageSeverity
{
    /// <summary>The agent, by changing the session.</summary>
    Recoverable,

    /// <summary>The buyer has to enter something that no operation takes.</summary>
    RequiresBuyerInput,

    /// <summary>The buyer has to agree.</summary>
    RequiresBuyerReview,

    /// <summary>Nobody: begin anew with something else.</summary>
    Unrecoverable,
}

/// <summary>Something that an agent has to know of a session or a cart, and what it can do next.</summary>
/// <param name="Type">How much it matters.</param>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Content">What it is, in words that may be shown to the buyer.</param>
/// <param name="Path">What it is about: JSONPath (RFC 9535) into the session; null for all of it.</param>
/// <param name="Severity">Who can deal with it; of errors alone.</param>
/// <param name="Remedy">What to do next; null where nothing has to be done.</param>
/// <param name="Details">The same as data, where there is any.</param>
public sealed record Message(
    MessageType Type, string Code, string Content, string? Path = null, MessageSeverity? Severity = null, Remedy? Remedy = null, MessageDetails? Details = null)
{
    /// <summary>Something that the agent can put right.</summary>
    internal static Message Fault(string code, string content, string path, string remedy, MessageDetails? details = null) =>
        new(MessageType.Error, code, content, path, MessageSeverity.Recoverable, new Remedy(remedy), details);

    /// <summary>Something to be shown.</summary>
    internal static Message Warning(string code, string content, string path, string? remedy = null, MessageDetails? details = null) =>
        new(MessageType.Warning, code, content, path, Remedy: remedy is null ? null : new Remedy(remedy), Details: details);
}

/// <summary>What a message tells, as data. Only the members that its code is about.</summary>
public sealed record MessageDetails
{
    /// <summary>What it was before, in minor units.</summary>
    public long? Old { get; init; }

    /// <summary>What it is now, in minor units.</summary>
    public long? New { get; init; }

    /// <summary>How many there are of what was asked for.</summary>
    public int? Available { get; init; }

    /// <summary>Whether more can be ordered and is sent later.</summary>
    public bool? Backorder { get; init; }

    /// <summary>Days from the order to the dispatch.</summary>
    public decimal? LeadTimeDays { get; init; }

    /// <summary>The day on which more is expected.</summary>
    public DateOnly? AvailableFrom { get; init; }

    /// <summary>The number that would be right: the fewest, the most, or what the quantity has to be a multiple of.</summary>
    public int? Quantity { get; init; }
}
