using Microsoft.AspNetCore.Antiforgery;

namespace CustobotGateway.Common.Pages;

/// <summary>Forms that people send.</summary>
public static class PageForm
{
    /// <summary>Bytes that a form of a page may have.</summary>
    public const long MaxBytes = 64 * 1024;

    /// <summary>
    /// The form, if it is one of a page that this browser was shown in the session that it has now; null if it is malformed, too old, or of another site.
    /// Who is signed in has to be known before, since the form's token is bound to it.
    /// </summary>
    public static async Task<IFormCollection?> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Request.HasFormContentType)
        {
            return null;
        }
        try
        {
            var form = await context.Request.ReadFormAsync(cancellationToken);
            return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context) ? form : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or AntiforgeryValidationException or (IOException and not BadHttpRequestException))
        {
            // Too many fields, parts that end early, or no form at all. One that is too large is told so by the server.
            return null;
        }
    }

    /// <summary>The field's value; null if it is absent, empty, or there more than once.</summary>
    public static string? Field(this IFormCollection form, string name)
    {
        ArgumentNullException.ThrowIfNull(form);
        return form.TryGetValue(name, out var values) && values.Count == 1 && !string.IsNullOrEmpty(values[0]) ? values[0] : null;
    }

    /// <summary>303, so that the browser gets the page instead of posting the form to it again (RFC 9700 §4.12).</summary>
    public static IResult SeeOther(HttpContext context, string address)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Response.Headers.Location = address;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
