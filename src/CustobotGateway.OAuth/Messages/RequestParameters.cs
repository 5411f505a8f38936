using System.Text;
using System.Text.Json;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Messages;

/// <summary>The parameters of a request, each at most once, none empty, all of bearable size (RFC 6749 §3.1, §3.2).</summary>
public sealed class RequestParameters
{
    /// <summary>More pairs than any request of the standards has.</summary>
    public const int MostPairs = 64;

    /// <summary>The longest name.</summary>
    public const int LongestName = 128;

    /// <summary>The longest value, in characters: room for tokens and authorization details.</summary>
    public const int LongestValue = 16_384;

    // RFC 8707 §2 and RFC 8693 §2.1: the only ones that may come more than once.
    private static readonly string[] Repeatable = ["resource", "audience"];

    private static readonly OAuthError TooMuch = new(ErrorCodes.InvalidRequest, "The request has too many parameters, or one that is too long.");

    private readonly List<KeyValuePair<string, string>> _pairs;

    private RequestParameters(List<KeyValuePair<string, string>> pairs) => _pairs = pairs;

    /// <summary>The pairs as they came, without empty ones.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>The value; null if it is absent, or empty, which is the same.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var (key, value) in _pairs)
            {
                if (key == name)
                {
                    return value;
                }
            }
            return null;
        }
    }

    /// <summary>Reads the body of a form, <c>application/x-www-form-urlencoded</c> in UTF-8 (RFC 6749 appendix B).</summary>
    public static Checked<RequestParameters> ReadForm(ReadOnlySpan<byte> body)
    {
        // Each byte as a character, as the decoder takes them.
        ReadOnlySpan<char> form = Encoding.Latin1.GetString(body);
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var range in form.Split('&'))
        {
            var pair = form[range];
            if (pair.IsEmpty)
            {
                continue;
            }
            if (pairs.Count == MostPairs)
            {
                return TooMuch;
            }
            var equals = pair.IndexOf('=');
            if (!FormText.TryDecode(equals < 0 ? pair : pair[..equals], out var name) || !FormText.TryDecode(equals < 0 ? [] : pair[(equals + 1)..], out var value))
            {
                return new OAuthError(ErrorCodes.InvalidRequest, "The form is not encoded as one, or is not UTF-8.");
            }
            pairs.Add(new(name, value));
        }
        return Read(pairs);
    }

    /// <summary>Reads decoded pairs of a query or a form.</summary>
    public static Checked<RequestParameters> Read(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var read = new List<KeyValuePair<string, string>>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            if (read.Count == MostPairs || name.Length > LongestName || (value?.Length ?? 0) > LongestValue)
            {
                return TooMuch;
            }
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }
            if (!IsText(name) || !IsText(value))
            {
                return new OAuthError(ErrorCodes.InvalidRequest, "The request has characters that no parameter has.");
            }
            if (!names.Add(name) && !Repeatable.Contains(name))
            {
                return new OAuthError(ErrorCodes.InvalidRequest, $"The parameter {name} comes more than once.");
            }
            read.Add(new(name, value));
        }
        return new RequestParameters(read);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Checked<RequestParameters> FromJson(ReadOnlyMemory<byte> utf8) =>
        StrictJson.TryParse(utf8, JsonValueKind.Array, out var json)
            ? Read(json.EnumerateArray().Select(pair => new KeyValuePair<string, string>(pair[0].GetString()!, pair[1].GetString()!)))
            : new OAuthError(ErrorCodes.InvalidRequest, "The stored request cannot be read.");

    /// <summary>Every value of a parameter that may be repeated.</summary>
    public IReadOnlyList<string> All(string name) => [.. _pairs.Where(pair => pair.Key == name).Select(pair => pair.Value)];

    /// <summary>For a pushed request, or one that waits for login and consent: an array of pairs.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(_pairs.Select(pair => new[] { pair.Key, pair.Value }));

    // Control characters are no part of any parameter (RFC 6749 appendix A), and half a surrogate pair is no text that could be stored.
    private static bool IsText(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if ((char.IsControl(value[i]) && value[i] is not ('\t' or '\n' or '\r')) || (char.IsSurrogate(value[i]) && !IsPair(value, ref i)))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsPair(string value, ref int i)
    {
        if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
        {
            return false;
        }
        i++;
        return true;
    }
}
