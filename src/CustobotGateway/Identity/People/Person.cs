using System.Text.Json;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Identity.People;

/// <summary>What a member of the merchant's staff may do. Principals, who only delegate, have no role.</summary>
public enum StaffRole
{
    /// <summary>Sees the staff's pages.</summary>
    Viewer,

    /// <summary>Reviews what was flagged: agents, negotiations, cases.</summary>
    Reviewer,

    /// <summary>Decides what waits for a person.</summary>
    Approver,

    /// <summary>Changes policies: prices, lanes, limits.</summary>
    PolicyEditor,

    /// <summary>Issues and revokes grants.</summary>
    GrantOperator,

    /// <summary>Ships, cancels and refunds orders: the merchant's own system.</summary>
    OrderOperator,

    /// <summary>Everything, people and clients included.</summary>
    Administrator,
}

/// <summary>A person with an account.</summary>
/// <param name="Id"><c>usr_…</c></param>
/// <param name="Email">The address as the person wrote it.</param>
/// <param name="Roles">The staff's roles; empty for a principal.</param>
/// <param name="CreatedAt">When the account was made.</param>
/// <param name="DisabledAt">When it was disabled; null if it is not.</param>
public sealed record Person(string Id, string Email, IReadOnlyList<StaffRole> Roles, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt)
{
    /// <summary>The longest address (RFC 5321 §4.5.3.1).</summary>
    public const int LongestEmail = 254;

    /// <summary>The IANA time zone in which the person's days and weeks begin.</summary>
    public string TimeZone { get; init; } = ZoneNames.Default;

    /// <summary>Whether the person is of the staff.</summary>
    public bool IsStaff => Roles.Count > 0;

    /// <summary>True for something that can be an address: one @ with something before and after it, no white space and no control characters.</summary>
    public static bool IsEmail(string? text) => text is { Length: >= 3 and <= LongestEmail } && text.IndexOf('@', StringComparison.Ordinal) is var at and > 0
        && at < text.Length - 1 && text.IndexOf('@', at + 1) < 0 && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || char.IsSurrogate(letter));

    /// <summary>What addresses are compared by.</summary>
    public static string KeyOf(string email) => email.Trim().ToLowerInvariant();
}

/// <summary>How roles are written outside of the code: <c>policy_editor</c>.</summary>
public static class StaffRoles
{
    /// <summary>Every role, as it is written.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<StaffRole>().Select(NameOf)];

    /// <summary>The role's name.</summary>
    public static string NameOf(StaffRole role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    /// <summary>The role of the name; null if there is none.</summary>
    public static StaffRole? Find(string name) => Enum.GetValues<StaffRole>().Cast<StaffRole?>().FirstOrDefault(role => NameOf(role!.Value) == name);

    /// <summary>True if one of the roles is asked for, or is the administrator's, which stands for all.</summary>
    public static bool Allow(IReadOnlyList<StaffRole> held, params ReadOnlySpan<StaffRole> asked)
    {
        ArgumentNullException.ThrowIfNull(held);
        foreach (var role in held)
        {
            if (role == StaffRole.Administrator || asked.Contains(role))
            {
                return true;
            }
        }
        return false;
    }

    internal static string[] ToArray(IEnumerable<StaffRole> roles) => [.. roles.Distinct().Order().Select(NameOf)];

    // A role that a later version knows and this one does not allows nothing here.
    internal static IReadOnlyList<StaffRole> FromArray(string[] names) => [.. names.Select(Find).OfType<StaffRole>()];
}

/// <summary>An account was made.</summary>
public sealed record PersonCreated(string Email, IReadOnlyList<StaffRole> Roles) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.created";
}

/// <summary>The roles of a person were changed.</summary>
public sealed record PersonRolesChanged(IReadOnlyList<StaffRole> Roles) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.roles_changed";
}

/// <summary>The password was changed; every session and token of the person has ended.</summary>
public sealed record PersonPasswordChanged : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.password_changed";
}

/// <summary>The account was disabled; every session and token of the person has ended.</summary>
public sealed record PersonDisabled : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.disabled";
}

/// <summary>The account was enabled again.</summary>
public sealed record PersonEnabled : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.enabled";
}

/// <summary>The person lives by the clock of another time zone from now on.</summary>
public sealed record PersonTimeZoneChanged(string TimeZone) : IEventData
{
    /// <inheritdoc/>
    public static string Type => "person.time_zone_changed";
}
