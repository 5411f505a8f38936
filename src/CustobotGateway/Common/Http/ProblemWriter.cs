using CustobotGateway.Common.Callers;

namespace CustobotGateway.Common.Http;

/// <summary>
/// Writes every problem as <c>application/problem+json</c>, whatever Accept asks for: a refusal that a caller did not ask for in JSON
/// is still better than an empty answer. The framework's own writer steps aside there and loses the headers with it.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    /// <summary>Under this name the problem's code stays with the request, for whoever keeps a record of it.</summary>
    public const string CodeItem = "problem_code";

    private const string MediaType = "application/problem+json";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        http.Response.StatusCode = problem.Status ?? http.Response.StatusCode;
        http.Response.Headers.Link = Discovery.DiscoveryModule.Links;
        http.Items[CodeItem] = problem.Extensions.TryGetValue("code", out var code) ? code : null;
        // An answer that began anew has lost them.
        CallerHeaders.Write(http);
        if (http.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests && http.GetCaller() is not null)
        {
            http.Response.Headers[CallerHeaders.Decision] = http.GetTraceId();
        }
        if (problem.Extensions.TryGetValue("retry_after", out var seconds) && seconds is int wait)
        {
            http.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.ContentType = MediaType;
            return;
        }
        await http.Response.WriteAsJsonAsync(problem, Json.Options, MediaType, http.RequestAborted);
    }
}
