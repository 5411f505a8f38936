using CustobotGateway.Common.Events;

namespace CustobotGateway.Identity.People.Passkeys;

/// <summary>A passkey as its person sees it.</summary>
/// <param name="Id"><c>psk_…</c></param>
/// <param name="Name">What the person calls it.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="LastUsedAt">When it was last signed in with; null for never.</param>
internal sealed record Passkey(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt)
{
    /// <summary>How many a person may have.</summary>
    public const int Most = 20;

    /// <summary>Characters that a name may have.</summary>
    public const int LongestName = 60;

    /// <summary>The name, trimmed; null for what cannot be one.</summary>
    public static string? NameOf(string? text) => text?.Trim() is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl) ? name : null;
}

/// <summary>A passkey was added to the account.</summary>
public sealed record PersonPasskeyAdded(string PasskeyId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.passkey_added";
}

/// <summary>A passkey was taken from the account; the sessions that it opened have ended.</summary>
public sealed record PersonPasskeyRemoved(string PasskeyId) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.passkey_removed";
}
