using System.Buffers;

namespace CustobotGateway.OAuth;

/// <summary>A refusal in the words of the standards.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Description">For the developer of the client. Never contains a secret.</param>
public sealed record OAuthError(string Code, string Description)
{
    // RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E.
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        string.Concat(Enumerable.Range(0x20, 0x5F).Select(code => (char)code).Where(letter => letter is not '"' and not '\\')));

    /// <summary>For the developer of the client, in the characters that RFC 6749 §5.2 allows; others have become a question mark.</summary>
    public string Description { get; } = Clean(Description);

    /// <summary>The status where the endpoint answers by itself and not by a redirect: RFC 6749 §5.2, RFC 6750 §3.1.</summary>
    public int Status => Code switch
    {
        ErrorCodes.InvalidClient or ErrorCodes.InvalidToken => 401,
        ErrorCodes.InsufficientScope => 403,
        _ => 400,
    };

    /// <summary>The body of RFC 6749 §5.2.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteString("error", Code);
        json.WriteString("error_description", Description);
    });

    private static string Clean(string text) => !text.AsSpan().ContainsAnyExcept(Allowed)
        ? text
        : string.Create(text.Length, text, static (cleaned, original) =>
        {
            for (var i = 0; i < cleaned.Length; i++)
            {
                cleaned[i] = Allowed.Contains(original[i]) ? original[i] : '?';
            }
        });
}
