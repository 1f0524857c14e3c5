# Written by 'bun run release'; a change here is lost with the next one.
class Rusta < Formula
  desc "Ubuntu VMs on Apple Silicon in one command"
  homepage "https://github.com/pallewela/rusta"
  url "https://github.com/pallewela/rusta/releases/download/v2.0.0/rusta-v2.0.0-aarch64-apple-darwin.tar.gz"
  sha256 "b3936e03c7191227464ce919c2a4e104ae1ec2db7452e9618d1ef3c43cb34aa7"
  license "MIT"

  depends_on arch: :arm64
  depends_on macos: :sonoma

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
