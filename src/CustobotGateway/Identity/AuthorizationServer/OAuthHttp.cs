using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;
using CustobotGateway.Common.RateLimits;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Messages;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>
/// The wire of the endpoints that machines call: forms in, JSON out, errors as RFC 6749 §5.2 has them and not as problem details, since clients that nobody here
/// wrote read them. Their contract is the standards' and the metadata's, so they are not in the gateway's own description.
/// </summary>
internal static class OAuthHttp
{
    /// <summary>Bytes that a form may have.</summary>
    public const int MostBytes = 65_536;

    private const int RetryAfterSeconds = 2;
    private const string Json = "application/json";
    private const string FormType = "application/x-www-form-urlencoded";

    // What must not stand in an address, where logs and proxies see it (RFC 6749 §2.3.1, RFC 9700 §4.2).
    private static readonly string[] NeverInQuery =
        ["client_secret", "client_assertion", "client_id", "code", "code_verifier", "refresh_token", "device_code", "token", "subject_token", "actor_token", "grant_type"];

    /// <summary>Maps an endpoint that takes a form: POST alone (405 otherwise), a body of bounded size, open to anyone since it asks who calls by itself.</summary>
    public static IEndpointConventionBuilder MapForm<TEndpoint>(this IEndpointRouteBuilder routes, string path, Func<TEndpoint, HttpContext, Task> run, RateGroup group = RateGroup.Token)
        where TEndpoint : class => routes.MapPost(path, (HttpContext context) => RunAsync(context, run)).AllowPublic().LimitBody(MostBytes).LimitRate(group).ExcludeFromDescription()
        .WithMetadata(new ProblemForm(WriteProblemAsync));

    /// <summary>Reads the form: its parameters, or the error to answer.</summary>
    public static async Task<Checked<RequestParameters>> ReadFormAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentType != FormType && (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals(FormType, StringComparison.OrdinalIgnoreCase)))
        {
            return new OAuthError(ErrorCodes.InvalidRequest, "The request is a form: application/x-www-form-urlencoded.");
        }
        if (request.QueryString.HasValue && NeverInQuery.Any(request.Query.ContainsKey))
        {
            return new OAuthError(ErrorCodes.InvalidRequest, "Parameters come in the body, never in the address.");
        }
        // The server refuses a body that is longer than the route's limit.
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.IsCompleted)
            {
                var form = RequestParameters.ReadForm(read.Buffer.IsSingleSegment ? read.Buffer.FirstSpan : read.Buffer.ToArray());
                reader.AdvanceTo(read.Buffer.End);
                return form;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Answers with a body that no cache keeps (RFC 6749 §5.1).</summary>
    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> json)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = Json;
        response.ContentLength = json.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        await response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>Answers an error; who tried to authenticate by the header hears how (RFC 6749 §5.2).</summary>
    public static Task RefuseAsync(HttpContext context, OAuthError error)
    {
        if (error.Code == ErrorCodes.InvalidClient && context.Request.Headers.Authorization.Count > 0)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"oauth\"";
        }
        return WriteAsync(context, error.Status, BodyOf(error, error.Status));
    }

    // RFC 6749 §5.2 has no code for what has nothing to do with the request; §4.1.2.1 has two, which clients know.
    private static Task WriteProblemAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfterSeconds is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        var status = problem.Type.Status;
        var code = status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? "temporarily_unavailable" : status >= 500 ? "server_error" : ErrorCodes.InvalidRequest;
        return WriteAsync(context, status, BodyOf(new OAuthError(code, problem.Detail), status, problem.Remedy));
    }

    /// <summary>The error's body; with what helps where the status promises it. Clients ignore members that they do not know (RFC 6749 §5.2).</summary>
    public static byte[] BodyOf(OAuthError? error, int status, Remedy? remedy = null)
    {
        var json = error?.ToJson() ?? "{}"u8.ToArray();
        if ((remedy ?? Remedies.OfStatus(status)) is not { } helps)
        {
            return json;
        }
        var body = JsonNode.Parse(json)!.AsObject();
        body["remedy"] = JsonSerializer.SerializeToNode(helps, Common.Json.Options);
        return Encoding.UTF8.GetBytes(body.ToJsonString(Common.Json.Options));
    }

    /// <summary>Runs an endpoint; what the surroundings do wrong is answered in the standards' form, too.</summary>
    public static async Task RunAsync<TEndpoint>(HttpContext context, Func<TEndpoint, HttpContext, Task> run)
        where TEndpoint : class
    {
        try
        {
            // Not before: the routes are also mapped where the contract is written and there is no database.
            await run(context.RequestServices.GetRequiredService<TEndpoint>(), context);
        }
        catch (BadHttpRequestException failure) when (!context.Response.HasStarted)
        {
            await WriteAsync(context, failure.StatusCode, new OAuthError(ErrorCodes.InvalidRequest,
                failure.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"The body has more than {MostBytes} bytes." : "The body could not be read.").ToJson());
        }
        catch (NpgsqlException failure) when (!context.Response.HasStarted && DatabaseFailures.IsOutage(failure))
        {
            await UnavailableAsync(context);
        }
    }

    /// <summary>Answers that the database, or what is read from it at the start, is not there just now.</summary>
    public static Task UnavailableAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable, new OAuthError("temporarily_unavailable", "The database does not answer just now.").ToJson());
    }
}
