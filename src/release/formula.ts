export interface Release {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  /** The address of the project, without a slash at its end. */
  readonly repository: string;
  readonly tarball: string;
  readonly sha256: string;
  readonly minimumMacos: string;
}

/**
 * Returns `Formula/rusta.rb`. It installs the files of the tarball and starts none of them, because Homebrew's sandbox gives no home to
 * write to. Homebrew reads the version from the name of the tarball, and its audit calls a second one redundant. Tart is not a
 * dependency, because Homebrew may refuse its tap until the user trusts it (design D14), and the formula would not install at all.
 */
export function formula({ version, description, license, repository, tarball, sha256, minimumMacos }: Release): string {
  return `# Written by 'bun run release'; a change here is lost with the next one.
class Rusta < Formula
  desc ${ruby(shortDescription(description))}
  homepage ${ruby(repository)}
  url ${ruby(`${repository}/releases/download/v${version}/${tarball}`)}
  sha256 ${ruby(sha256)}
  license ${ruby(license)}

  depends_on arch: :arm64
  depends_on macos: :${minimumMacos}

  def install
    bin.install "rusta"
    man1.install Dir["man/man1/*.1"]
    pkgshare.install "rusta.schema.json"
    bash_completion.install "completions/rusta.bash" => "rusta"
    zsh_completion.install "completions/_rusta"
    fish_completion.install "completions/rusta.fish"
  end

  def caveats
    <<~EOS
      rusta installs Tart through Homebrew when it first needs it. Homebrew may
      refuse Tart's tap until you trust it:
        brew trust openai/tools

      If a VM cannot be reached, allow your terminal in
        System Settings > Privacy & Security > Local Network
      Terminal.app and logins by ssh need no permission.
    EOS
  end

  test do
    assert_equal version.to_s, shell_output("#{bin}/rusta --version").strip
    assert_match "unknown command", shell_output("#{bin}/rusta no-such-command 2>&1", 1)
    assert_path_exists man1/"rusta.1"
  end
end
`;
}

/** Returns a description for Homebrew, which wants less than 80 characters, and neither the name nor a full stop. */
function shortDescription(text: string): string {
  return text.split(':', 1)[0] ?? text;
}

/** Quotes a Ruby string. Throws Error for characters that Ruby would evaluate. */
function ruby(text: string): string {
  if (/["\\#\n]/.test(text)) throw new Error(`'${text}' cannot stand in the formula`);
  return `"${text}"`;
}
