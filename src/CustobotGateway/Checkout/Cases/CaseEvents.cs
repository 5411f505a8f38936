using CustobotGateway.Common.Events;

namespace CustobotGateway.Checkout.Cases;

/// <summary>A case was opened.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Kind">What it is about.</param>
public sealed record CaseOpened(string ClientId, string GrantId, string OrderId, CaseKind Kind) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "case.opened";
}

/// <summary>Whoever opened a case said more.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="OrderId">The order.</param>
/// <param name="MessageId">What was said.</param>
public sealed record CaseContinued(string ClientId, string GrantId, string OrderId, string MessageId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "case.continued";
}

/// <summary>Staff answered a case.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="OrderId">The order.</param>
/// <param name="MessageId">What was said.</param>
public sealed record CaseAnswered(string ClientId, string GrantId, string OrderId, string MessageId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "case.answered";
}

/// <summary>A case was handed to a person of the staff.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="OrderId">The order.</param>
public sealed record CaseEscalated(string ClientId, string GrantId, string OrderId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "case.escalated";
}

/// <summary>A case is over.</summary>
/// <param name="ClientId">The agent that bought.</param>
/// <param name="GrantId">The grant that paid.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Code">How it ended.</param>
/// <param name="ProposalId">The proposal that settled it, or null.</param>
public sealed record CaseClosed(string ClientId, string GrantId, string OrderId, ResolutionCode Code, string? ProposalId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "case.closed";
}
