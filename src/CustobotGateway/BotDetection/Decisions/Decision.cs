using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Callers;

namespace CustobotGateway.BotDetection.Decisions;

/// <summary>A decision that was kept.</summary>
/// <param name="TraceId">The W3C trace id of the request.</param>
/// <param name="At">When it was answered.</param>
/// <param name="Class">What the caller was taken for.</param>
/// <param name="Score">The chance that software drives it, in hundredths.</param>
/// <param name="Reasons">What led to it.</param>
/// <param name="Operator">Who operates the agent, as proved; null without a proof.</param>
/// <param name="DeclaredAs">The crawler or service that the user agent names; null for none.</param>
/// <param name="Lane">The lane that the request was put into; null where it came to none.</param>
/// <param name="Rule">The rule that led there, or would have; null for none.</param>
/// <param name="Group">The group of endpoints.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path, without its query.</param>
/// <param name="Status">The status that was answered.</param>
/// <param name="Code">The problem's code where it was refused.</param>
/// <param name="Address">The caller's network, never its whole address.</param>
/// <param name="UserAgent">The User-Agent as sent. Show it escaped.</param>
/// <param name="HttpVersion">The version of HTTP.</param>
/// <param name="HeadersKnown">Whether order and case of the headers were known.</param>
/// <param name="BadSignature">Whether it carried signatures of which none was good.</param>
/// <param name="Headers">The headers as sent, cut where they are long; of credentials only their length. Show them escaped.</param>
/// <param name="Label">What staff say that the caller really was; null where they said nothing.</param>
public sealed record Decision(
    string TraceId, DateTimeOffset At, CallerClass Class, int Score, IReadOnlyList<CallerReason> Reasons, string? Operator, string? DeclaredAs, string? Lane, string? Rule, string Group,
    string Method, string Path, int Status, string? Code, string? Address, string? UserAgent, string HttpVersion, bool HeadersKnown, bool BadSignature,
    IReadOnlyList<IReadOnlyList<string>> Headers, CallerClass? Label);

/// <summary>A decision as it is stored.</summary>
internal sealed class DecisionRow
{
    public const string Columns = """
        trace_id as traceid, at, class, score, told::text as told, operator, declared_as as declaredas, lane, rule, "group", method, path, status, code, address, user_agent as useragent,
        http_version as httpversion, headers_known as headersknown, bad_signature as badsignature, headers::text as headers, label
        """;

    private static readonly Dictionary<string, CallerClass> Classes = Enum.GetValues<CallerClass>().ToDictionary(value => value.ToWire());

    public string TraceId { get; init; } = "";
    public DateTime At { get; init; }
    public string Class { get; init; } = "";
    public short Score { get; init; }
    public string Told { get; init; } = "";
    public string? Operator { get; init; }
    public string? DeclaredAs { get; init; }
    public string? Lane { get; init; }
    public string? Rule { get; init; }
    public string Group { get; init; } = "";
    public string Method { get; init; } = "";
    public string Path { get; init; } = "";
    public short Status { get; init; }
    public string? Code { get; init; }
    public string? Address { get; init; }
    public string? UserAgent { get; init; }
    public string HttpVersion { get; init; } = "";
    public bool HeadersKnown { get; init; }
    public bool BadSignature { get; init; }
    public string Headers { get; init; } = "";
    public string? Label { get; init; }

    public static CallerClass? ClassOf(string? name) => name is not null && Classes.TryGetValue(name, out var known) ? known : null;

    public Decision ToDecision() => new(
        TraceId, new DateTimeOffset(At), Classes[Class], Score, JsonSerializer.Deserialize<CallerReason[]>(Told, StoredJson.Options)!, Operator, DeclaredAs, Lane, Rule, Group, Method, Path,
        Status, Code, Address, UserAgent, HttpVersion, HeadersKnown, BadSignature, JsonSerializer.Deserialize<string[][]>(Headers, StoredJson.Options)!, ClassOf(Label));
}
