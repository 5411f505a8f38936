using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CustobotGateway.Common.Http;

/// <summary>A member's value that a JSON converter refuses, with a code and words for the caller.</summary>
/// <param name="code">Stable, snake_case.</param>
/// <param name="detail">What is wrong and what would be right.</param>
public sealed class WireException(string code, string detail) : JsonException(detail)
{
    /// <summary>Stable, snake_case.</summary>
    public string Code { get; } = code;

    /// <summary>What is wrong and what would be right.</summary>
    public string Detail { get; } = detail;
}

/// <summary>
/// Says in wire names what the framework could not bind. Its own words name C# types and parameters, or nothing, and its text may
/// change with each version: what is not recognised here falls back to a general sentence, never to the exception's own.
/// </summary>
internal static partial class BindingFailures
{
    public static Problem Describe(BadHttpRequestException exception)
    {
        if (exception.InnerException is JsonException json)
        {
            return Describe(json);
        }
        if (exception.InnerException is IOException or DecoderFallbackException)
        {
            return CommonProblems.MalformedBody.With("The body ended early or is not valid UTF-8.");
        }
        if (Unbound().Match(exception.Message) is { Success: true } unbound)
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(unbound.Groups["name"].Value);
            return Invalid(new FieldError("?" + name, "wrong_type", $"The value of '{name}' could not be read as what it should be."));
        }
        if (exception.Message.StartsWith("Implicit body inferred", StringComparison.Ordinal))
        {
            return Invalid(new FieldError("", "required", "The operation needs a request body."));
        }
        if (Missing().Match(exception.Message) is { Success: true } missing)
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(missing.Groups["name"].Value);
            return missing.Groups["source"].Value.Contains("body", StringComparison.Ordinal)
                ? Invalid(new FieldError("", "required", "The operation needs a request body."))
                : Invalid(new FieldError("?" + name, "required", $"'{name}' is required."));
        }
        return CommonProblems.InvalidRequest.With("The request could not be read.");
    }

    public static Problem Describe(JsonException exception)
    {
        var pointer = PointerOf(exception.Path);
        var place = $"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}";
        if (exception is WireException wire)
        {
            return Invalid(new FieldError(pointer, wire.Code, wire.Detail));
        }
        if (exception.InnerException is JsonException || exception.GetType() != typeof(JsonException))
        {
            return CommonProblems.MalformedBody.With($"The body is not valid JSON at {place}.", [new(pointer, "malformed", $"Not valid JSON at {place}.")]);
        }
        if (exception.InnerException is InvalidOperationException { InnerException: DecoderFallbackException })
        {
            return CommonProblems.MalformedBody.With($"The body is not valid UTF-8 at {place}.", [new(pointer, "invalid_utf8", $"Not valid UTF-8 at {place}.")]);
        }
        if (Duplicate().Match(exception.Message) is { Success: true } duplicate)
        {
            var name = duplicate.Groups["name"].Value;
            return CommonProblems.MalformedBody.With($"The member '{name}' stands more than once in one object.",
                [new(EndingWith(pointer, name), "duplicate_member", "The member stands more than once in one object.")]);
        }
        if (Unmapped().Match(exception.Message) is { Success: true } unmapped)
        {
            var name = unmapped.Groups["name"].Value;
            return Invalid(new FieldError(EndingWith(pointer, name), "unknown_member", $"There is no member '{name}' here."));
        }
        if (exception.Message.Contains("missing required properties", StringComparison.Ordinal))
        {
            var names = exception.Message[exception.Message.IndexOf("including:", StringComparison.Ordinal)..];
            return Invalid([.. Quoted().Matches(names).Select(match =>
                new FieldError($"{pointer}/{Escape(match.Groups["name"].Value)}", "required", $"'{match.Groups["name"].Value}' is required."))]);
        }
        return Invalid(new FieldError(pointer, "wrong_type", $"The value at {place} is not of the type or form that is taken here."));
    }

    private static Problem Invalid(params FieldError[] errors) =>
        CommonProblems.InvalidRequest.With(errors.Length > 0 ? errors[0].Detail : "The body is not what the operation takes.", errors);

    /// <summary>RFC 6901 for the serializer's path: <c>$.must[0]['odd.name']</c> is <c>/must/0/odd.name</c>.</summary>
    internal static string PointerOf(string? path)
    {
        var pointer = new StringBuilder();
        foreach (Match step in Steps().Matches(path ?? ""))
        {
            pointer.Append('/').Append(Escape(step.Groups["name"].Value));
        }
        return pointer.ToString();
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string EndingWith(string pointer, string name) =>
        pointer.EndsWith("/" + Escape(name), StringComparison.Ordinal) ? pointer : $"{pointer}/{Escape(name)}";

    [GeneratedRegex("""\.(?<name>[^.\[]+)|\[(?<name>\d+)\]|\['(?<name>.*?)'\]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Steps();

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from """, RegexOptions.ExplicitCapture)]
    private static partial Regex Unbound();

    [GeneratedRegex("""^Required parameter ".*?(?<name>\w+)" was not provided from (?<source>.+)\.$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    [GeneratedRegex("""^Duplicate property '(?<name>.*?)' encountered""", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Duplicate();

    [GeneratedRegex("""^The JSON property '(?<name>.*?)' could not be mapped""", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Unmapped();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();
}
