using System.Net;
using System.Text.RegularExpressions;

namespace CustobotGateway.Tests.Identity.People;

/// <summary>A browser as far as cookies, forms and redirects go: what a person does, without script.</summary>
public sealed partial class PersonBrowser : IDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, CookieContainer = new CookieContainer() };

    public PersonBrowser(string baseUrl) => Http = new HttpClient(_handler, disposeHandler: true) { BaseAddress = new Uri(baseUrl) };

    public HttpClient Http { get; }

    public CookieCollection Cookies => _handler.CookieContainer.GetCookies(Http.BaseAddress!);

    public void SetCookie(string name, string value) => _handler.CookieContainer.Add(Http.BaseAddress!, new Cookie(name, value));

    /// <summary>Loads the page.</summary>
    public async Task<Page> GetAsync(string path) => await Page.ReadAsync(await Http.GetAsync(path));

    /// <summary>Sends the page's form with its own hidden fields, and these.</summary>
    public async Task<Page> SubmitAsync(Page page, params (string Name, string Value)[] fields)
    {
        var form = page.Form(fields.Select(field => field.Name).FirstOrDefault(name => name is "email" or "decision" or "user_code" or "password" or "new_password" or "time_zone" or "end" or "credential") ?? "");
        var names = fields.Select(field => field.Name).ToHashSet();
        var pairs = form.Fields.Where(field => !names.Contains(field.Key)).Concat(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        return await Page.ReadAsync(await Http.PostAsync(form.Action, new FormUrlEncodedContent(pairs)));
    }

    /// <summary>Signs in on the login page.</summary>
    public async Task<Page> LogInAsync(string email, string password, string path = "/login") =>
        await SubmitAsync(await GetAsync(path), ("email", email), ("password", password));

    /// <summary>Goes where the answer sends a browser, as long as that is here.</summary>
    public async Task<Page> FollowAsync(Page page)
    {
        for (var hops = 0; hops < 10 && page is { Status: HttpStatusCode.SeeOther, Location: ['/', ..] }; hops++)
        {
            page = await GetAsync(page.Location);
        }
        return page;
    }

    public void Dispose() => Http.Dispose();

    /// <summary>A form on a page.</summary>
    public sealed record PageForm(string Action, string Html, IReadOnlyList<KeyValuePair<string, string>> Fields);

    /// <summary>What came back.</summary>
    public sealed partial record Page(HttpStatusCode Status, string Html, string? Location, HttpResponseMessage Answer)
    {
        /// <summary>The text without tags and entities.</summary>
        public string Text => WebUtility.HtmlDecode(Tags().Replace(Html, " "));

        public static async Task<Page> ReadAsync(HttpResponseMessage answer) =>
            new(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString, answer);

        /// <summary>The form that has the field; without a name the last one, which is the page's own.</summary>
        public PageForm Form(string field)
        {
            foreach (var match in Forms().Matches(Html).Reverse())
            {
                var html = match.Value;
                if (field.Length == 0 || html.Contains($"name=\"{field}\"", StringComparison.Ordinal))
                {
                    var action = WebUtility.HtmlDecode(Attribute("action").Match(Opening().Match(html).Value).Groups["value"].Value);
                    return new(action, html, [.. Inputs().Matches(html).Select(input => input.Value)
                        .Where(input => !(input.Contains("type=\"checkbox\"", StringComparison.Ordinal) && !input.Contains(" checked", StringComparison.Ordinal)))
                        .Select(input => new KeyValuePair<string, string>(
                            WebUtility.HtmlDecode(Attribute("name").Match(input).Groups["value"].Value), WebUtility.HtmlDecode(Attribute("value").Match(input).Groups["value"].Value)))
                        .Where(pair => pair.Key.Length > 0)]);
                }
            }
            throw new InvalidOperationException($"No form with '{field}' on this page ({(int)Status}):\n{Html}");
        }

        private static Regex Attribute(string name) => new($"\\b{name}=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture);

        [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
        private static partial Regex Forms();

        [GeneratedRegex("<form[^>]*>")]
        private static partial Regex Opening();

        [GeneratedRegex("<input[^>]*>")]
        private static partial Regex Inputs();

        [GeneratedRegex("<[^>]*>")]
        private static partial Regex Tags();
    }
}
