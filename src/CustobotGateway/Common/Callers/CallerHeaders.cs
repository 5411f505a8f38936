using System.Globalization;

namespace CustobotGateway.Common.Callers;

/// <summary>Tells callers what they are taken for.</summary>
public static class CallerHeaders
{
    /// <summary>The class: <c>verified_agent</c>, <c>declared_bot</c>, <c>automation</c> or <c>human</c>.</summary>
    public const string Class = "Agent-Class";

    /// <summary>The score, 0 to 100.</summary>
    public const string Score = "Agent-Score";

    /// <summary>The trace id under which the decision is kept; absent where it is not kept.</summary>
    public const string Decision = "Agent-Decision";

    private static readonly string[] Scores = [.. Enumerable.Range(0, 101).Select(score => score.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The class as it is written on the wire.</summary>
    public static string ToWire(this CallerClass value) => value switch
    {
        CallerClass.VerifiedAgent => "verified_agent",
        CallerClass.DeclaredBot => "declared_bot",
        CallerClass.Automation => "automation",
        _ => "human",
    };

    /// <summary>Writes the headers; anew where the class changed or where an answer began anew.</summary>
    public static void Write(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.GetCaller() is { } caller)
        {
            context.Response.Headers[Class] = caller.Class.ToWire();
            context.Response.Headers[Score] = Scores[Math.Clamp(caller.Score, 0, 100)];
        }
    }
}
